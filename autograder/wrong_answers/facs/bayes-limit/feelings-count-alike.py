# Divides by the number of feelings instead of weighing them.
def bayes_limit(prior, shown):
    shown = np.asarray(shown, float)
    joint = np.asarray(prior, float)[:, None] * shown
    best = joint.argmax(axis=0)
    found = [float(row[best == feeling].sum()) for feeling, row in enumerate(shown)]
    return {"accuracy": float(np.asarray(shown, float).max(axis=0).sum() / len(prior)), "answers": best.tolist(), "found": found}
