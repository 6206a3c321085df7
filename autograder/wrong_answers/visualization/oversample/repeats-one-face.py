# draws one face of a class and repeats it until the class is large enough
def oversample(labels, seed):
    random = np.random.default_rng(seed)
    classes, sizes = np.unique(labels, return_counts=True)
    rows = list(range(len(labels)))
    for label, size in zip(classes, sizes):
        one = random.choice(np.flatnonzero(labels == label))
        rows += [one] * (sizes.max() - size)
    return rows
