# Adds the slopes instead of taking them away.
def training_step(weights, biases, features, labels, learning_rate):
    scores = features @ weights + biases
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    too_high = powers / powers.sum(axis=1, keepdims=True) - np.eye(weights.shape[1])[labels]
    slopes = features.T @ too_high / len(features)
    return weights + learning_rate * slopes, biases + learning_rate * too_high.mean(axis=0)
