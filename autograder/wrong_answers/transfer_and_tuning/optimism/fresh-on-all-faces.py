# Measures on all faces, those that chose included.
def optimism(hits, choosing):
    hits, choosing = np.asarray(hits, bool), np.asarray(choosing, bool)
    chosen, fresh = [], []
    for division in choosing:
        winner = hits[:, division].mean(axis=1).argmax()
        chosen.append(hits[winner, division].mean())
        fresh.append(hits[winner].mean())
    chosen, fresh = float(np.mean(chosen)), float(np.mean(fresh))
    return {"chosen": chosen, "fresh": fresh, "flattery": chosen - fresh}
