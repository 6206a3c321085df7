# repeats faces in their order, whatever the seed
def oversample(labels, seed):
    present, sizes = np.unique(labels, return_counts=True)
    return np.concatenate(
        [np.resize(np.flatnonzero(labels == label), sizes.max()) for label in present]
    )
