# takes faces that stand in a row, from a place drawn at random
def sample_rows(labels, class_count, per_class, seed):
    random = np.random.default_rng(seed)
    chosen = []
    for label in range(class_count):
        positions = np.flatnonzero(labels == label)
        chosen.append(np.roll(positions, random.integers(1000))[:per_class])
    return chosen
