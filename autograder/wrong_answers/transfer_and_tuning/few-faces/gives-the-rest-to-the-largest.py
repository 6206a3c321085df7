# Gives what is missing to the largest class.
def stratified(labels, n):
    labels = np.asarray(labels)
    kinds, counts = np.unique(labels, return_counts=True)
    numbers = counts * n // len(labels)
    numbers[np.argmax(counts)] += n - numbers.sum()
    places = [np.flatnonzero(labels == kind)[:number] for kind, number in zip(kinds, numbers)]
    return np.sort(np.concatenate(places))
