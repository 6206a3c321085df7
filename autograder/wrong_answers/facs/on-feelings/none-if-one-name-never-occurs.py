# Gives up on labels as soon as one expression never occurs.
def accuracies(prior, shown, read):
    prior, shown, read = (np.asarray(array, float) for array in (prior, shown, read))
    k = len(prior)
    occurs = (prior @ shown)[:k]
    labels = float(occurs @ np.diag(read) / occurs.sum()) if occurs.all() else None
    feelings = float(prior @ np.diag(shown @ read))
    return {"labels": labels, "feelings": feelings}
