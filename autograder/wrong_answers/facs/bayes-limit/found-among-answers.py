# Gives how often an answer is right instead of how much of a feeling is found.
def bayes_limit(prior, shown):
    shown = np.asarray(shown, float)
    joint = np.asarray(prior, float)[:, None] * shown
    best = joint.argmax(axis=0)
    said = [joint[:, best == feeling].sum() for feeling in range(len(joint))]
    found = [float(row[best == feeling].sum() / total) if total else 0.0
             for feeling, (row, total) in enumerate(zip(joint, said))]
    return {"accuracy": float(joint.max(axis=0).sum()), "answers": best.tolist(), "found": found}
