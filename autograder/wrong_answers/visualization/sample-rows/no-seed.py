# makes a generator without the seed: other faces at each call
def sample_rows(labels, class_count, per_class, seed):
    random = np.random.default_rng()
    chosen = []
    for label in range(class_count):
        of_class = np.flatnonzero(labels == label)
        chosen.append(random.permutation(of_class)[:per_class])
    return chosen
