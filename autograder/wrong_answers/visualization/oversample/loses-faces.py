# draws whole classes anew with putting back, so that some faces get lost
def oversample(labels, seed):
    random = np.random.default_rng(seed)
    present, sizes = np.unique(labels, return_counts=True)
    rows = [
        random.choice(np.flatnonzero(labels == label), size=sizes.max(), replace=True)
        for label in present
    ]
    return np.concatenate(rows)
