# draws with putting back, so faces come twice
def sample_rows(labels, class_count, per_class, seed):
    random = np.random.default_rng(seed)
    chosen = []
    for label in range(class_count):
        of_class = np.flatnonzero(labels == label)
        size = min(per_class, len(of_class))
        chosen.append(random.choice(of_class, size=size, replace=True) if size else [])
    return chosen
