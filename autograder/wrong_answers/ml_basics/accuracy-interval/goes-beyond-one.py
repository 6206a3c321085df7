# Does not cut the range off at 0 and 1.
def accuracy_interval(right, total):
    accuracy = right / total
    error = (accuracy * (1 - accuracy) / total) ** 0.5
    return {
        "accuracy": accuracy,
        "standard error": error,
        "low": accuracy - 2 * error,
        "high": accuracy + 2 * error,
    }
