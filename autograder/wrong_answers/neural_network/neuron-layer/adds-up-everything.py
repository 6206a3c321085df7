# Adds all inputs of all faces up.
def dense_layer(inputs, weights, biases):
    total = (np.asarray(inputs) @ np.asarray(weights)).sum(axis=0, keepdims=True)
    return np.maximum(total + np.asarray(biases), 0)
