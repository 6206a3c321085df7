# Shuffles all faces together, so that the classes' shares differ.
def stratified_split(labels, share, seed):
    random = np.random.default_rng(seed)
    positions = random.permutation(len(labels))
    size = round(share * len(labels))
    return np.sort(positions[size:]), np.sort(positions[:size])
