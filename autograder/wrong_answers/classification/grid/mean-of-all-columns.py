# Takes the settings into the mean.
def choose_setting(scores):
    means = scores.mean(axis=1)
    best = scores[means >= means.max() - 1e-9].sort_values(["C", "gamma"]).iloc[0]
    return {"C": float(best["C"]), "gamma": float(best["gamma"]), "mean": float(means.max())}
