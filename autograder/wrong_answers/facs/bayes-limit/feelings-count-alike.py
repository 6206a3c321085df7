# Divides by the number of feelings instead of weighing them.
def bayes_limit(prior, shown):
    joint = np.asarray(prior, float)[:, None] * np.asarray(shown, float)
    best = joint.argmax(axis=0)
    return {"accuracy": float(np.asarray(shown, float).max(axis=0).sum() / len(prior)), "answers": best.tolist()}
