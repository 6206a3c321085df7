# cuts large sums off at 6
def dense_layer(inputs, weights, biases):
    return np.clip(inputs @ weights + biases, 0, 6)
