# Multiplies the accuracy on labels by the share that shows what it feels.
def accuracies(prior, shown, read):
    prior, shown, read = (np.asarray(array, float) for array in (prior, shown, read))
    k = len(prior)
    occurs = (prior @ shown)[:k]
    labels = float(occurs @ np.diag(read) / occurs.sum()) if occurs.sum() > 0 else None
    feelings = float((labels or 0) * (prior @ np.diag(shown)))
    return {"labels": labels, "feelings": feelings}
