# Rounds each share to the nearest, so that the sum may be another than n.
def stratified(labels, n):
    labels = np.asarray(labels)
    kinds, counts = np.unique(labels, return_counts=True)
    numbers = np.floor(counts * n / len(labels) + 0.5).astype(int)
    places = [np.flatnonzero(labels == kind)[:number] for kind, number in zip(kinds, numbers)]
    return np.sort(np.concatenate(places))
