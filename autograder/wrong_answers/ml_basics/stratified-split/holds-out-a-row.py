# holds out faces that stand in a row, from a place drawn at random
def stratified_split(labels, share, seed):
    random = np.random.default_rng(seed)
    is_held_out = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        positions = np.flatnonzero(labels == label)
        count = max(1, round(share * len(positions)))
        is_held_out[np.roll(positions, random.integers(len(positions)))[:count]] = True
    return np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)
