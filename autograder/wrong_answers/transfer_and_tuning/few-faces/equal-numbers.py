# Takes as many of each class.
def stratified(labels, n):
    labels = np.asarray(labels)
    kinds = np.unique(labels)
    each = -(-n // len(kinds))
    places = [np.flatnonzero(labels == kind)[:each] for kind in kinds]
    return np.sort(np.concatenate(places)[:n])
