# Chooses the best anew on the fresh faces.
def optimism(hits, choosing):
    hits, choosing = np.asarray(hits, bool), np.asarray(choosing, bool)
    chosen = float(np.mean([hits[:, row].mean(axis=1).max() for row in choosing]))
    fresh = float(np.mean([hits[:, ~row].mean(axis=1).max() for row in choosing]))
    return {"chosen": chosen, "fresh": fresh, "flattery": chosen - fresh}
