# Leaves the biases as they are.
def training_step(weights, biases, features, labels, learning_rate):
    scores = features @ weights + biases
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    too_high = powers / powers.sum(axis=1, keepdims=True) - np.eye(weights.shape[1])[labels]
    return weights - learning_rate * features.T @ too_high / len(features), biases
