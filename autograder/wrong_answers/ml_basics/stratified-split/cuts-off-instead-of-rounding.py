# Cuts off with int(), so that classes lose a face.
def stratified_split(labels, share, seed):
    random = np.random.default_rng(seed)
    held_out = []
    for label in np.unique(labels):
        positions = random.permutation(np.flatnonzero(labels == label))
        held_out.extend(positions[: max(1, int(share * len(positions)))])
    held_out = np.sort(held_out).astype(int)
    return np.setdiff1d(np.arange(len(labels)), held_out), held_out
