# Chooses once, by all faces.
def optimism(hits, choosing):
    hits, choosing = np.asarray(hits, bool), np.asarray(choosing, bool)
    winner = hits.mean(axis=1).argmax()
    chosen = float(np.mean([hits[winner, row].mean() for row in choosing]))
    fresh = float(np.mean([hits[winner, ~row].mean() for row in choosing]))
    return {"chosen": chosen, "fresh": fresh, "flattery": chosen - fresh}
