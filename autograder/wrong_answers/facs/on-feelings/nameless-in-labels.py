# Counts expressions without a name as wrong labels.
def accuracies(prior, shown, read):
    prior, shown, read = (np.asarray(array, float) for array in (prior, shown, read))
    k = len(prior)
    occurs = (prior @ shown)[:k]
    labels = float(occurs @ np.diag(read) / 1.0) if occurs.sum() > 0 else None
    feelings = float(prior @ np.diag(shown @ read))
    return {"labels": labels, "feelings": feelings}
