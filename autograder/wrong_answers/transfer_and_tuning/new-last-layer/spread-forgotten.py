# Draws the weights with a deviation of 1.
def with_new_last_layer(weights, classes, seed):
    features = weights[-2].shape[0]
    new = np.random.default_rng(seed).normal(0, 1, (features, classes))
    return [array.copy() for array in weights[:-2]] + [new, np.zeros(classes)]
