# Takes the larger of two feelings that are behind a face equally often.
def bayes_limit(prior, shown):
    shown = np.asarray(shown, float)
    joint = np.asarray(prior, float)[:, None] * shown
    best = len(joint) - 1 - joint[::-1].argmax(axis=0)
    best[joint.max(axis=0) == 0] = 0
    found = [float(row[best == feeling].sum()) for feeling, row in enumerate(shown)]
    return {"accuracy": float(joint.max(axis=0).sum()), "answers": best.tolist(), "found": found}
