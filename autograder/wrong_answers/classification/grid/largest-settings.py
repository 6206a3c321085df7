# Takes the largest settings of the tied ones.
def choose_setting(scores):
    folds = [column for column in scores.columns if column.startswith("fold")]
    means = scores[folds].mean(axis=1)
    best = scores[means >= means.max() - 1e-9].sort_values(["C", "gamma"]).iloc[-1]
    return {"C": float(best["C"]), "gamma": float(best["gamma"]), "mean": float(means.max())}
