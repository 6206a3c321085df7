# Takes the first of the tied rows.
def choose_setting(scores):
    folds = [column for column in scores.columns if column.startswith("fold")]
    means = scores[folds].mean(axis=1)
    best = means.idxmax()
    return {"C": float(scores.loc[best, "C"]), "gamma": float(scores.loc[best, "gamma"]),
            "mean": float(means[best])}
