# Takes the best single fold instead of the best mean.
def choose_setting(scores):
    folds = [column for column in scores.columns if column.startswith("fold")]
    best = scores.assign(top=scores[folds].max(axis=1)).sort_values(
        ["top", "C", "gamma"], ascending=[False, True, True]).iloc[0]
    return {"C": float(best["C"]), "gamma": float(best["gamma"]), "mean": float(best[folds].mean())}
