# Forgets that a mistake about the expression can be right about the feeling.
def accuracies(prior, shown, read):
    prior, shown, read = (np.asarray(array, float) for array in (prior, shown, read))
    k = len(prior)
    occurs = (prior @ shown)[:k]
    labels = float(occurs @ np.diag(read) / occurs.sum()) if occurs.sum() > 0 else None
    feelings = float(prior @ (np.diag(shown) * np.diag(read)))
    return {"labels": labels, "feelings": feelings}
