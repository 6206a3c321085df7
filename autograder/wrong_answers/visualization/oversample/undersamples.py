# cuts the large classes down to the smallest
def oversample(labels, seed):
    random = np.random.default_rng(seed)
    present, sizes = np.unique(labels, return_counts=True)
    rows = [
        random.choice(np.flatnonzero(labels == label), size=sizes.min(), replace=False)
        for label in present
    ]
    return np.concatenate(rows)
