# Goes one standard error down and up instead of two.
def accuracy_interval(right, total):
    accuracy = right / total
    error = (accuracy * (1 - accuracy) / total) ** 0.5
    return {
        "accuracy": accuracy,
        "standard error": error,
        "low": max(0.0, accuracy - error),
        "high": min(1.0, accuracy + error),
    }
