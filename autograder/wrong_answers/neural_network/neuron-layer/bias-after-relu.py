# Adds the bias after ReLU.
def dense_layer(inputs, weights, biases):
    return np.maximum(np.asarray(inputs) @ np.asarray(weights), 0) + np.asarray(biases)
