# Draws the earlier layers anew, too, so that nothing is transferred.
def with_new_last_layer(weights, classes, seed):
    random = np.random.default_rng(seed)
    features = weights[-2].shape[0]
    new = random.normal(0, np.sqrt(2 / features), (features, classes))
    kept = [random.normal(0, 0.1, array.shape) for array in weights[:-2]]
    return kept + [new, np.zeros(classes)]
