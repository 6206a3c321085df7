# Takes the variance for the standard error.
def accuracy_interval(right, total):
    accuracy = right / total
    error = accuracy * (1 - accuracy) / total
    return {
        "accuracy": accuracy,
        "standard error": error,
        "low": max(0.0, accuracy - 2 * error),
        "high": min(1.0, accuracy + 2 * error),
    }
