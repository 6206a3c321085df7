# Counts only those who show the face of their own number.
def bayes_limit(prior, shown):
    shown = np.asarray(shown, float)
    joint = np.asarray(prior, float)[:, None] * shown
    best = joint.argmax(axis=0)
    found = [float(row[best == feeling].sum()) for feeling, row in enumerate(shown)]
    return {"accuracy": float(np.diag(joint).sum()), "answers": best.tolist(), "found": found}
