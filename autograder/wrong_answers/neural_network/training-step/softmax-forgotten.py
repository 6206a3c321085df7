# Compares scores, not probabilities, with the truth.
def training_step(weights, biases, features, labels, learning_rate):
    too_high = features @ weights + biases - np.eye(weights.shape[1])[labels]
    slopes = features.T @ too_high / len(features)
    return weights - learning_rate * slopes, biases - learning_rate * too_high.mean(axis=0)
