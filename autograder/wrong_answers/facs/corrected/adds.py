# Adds the share of wrong labels.
def true_accuracy(measured, q, k):
    luck = (1 - q) / (k - 1)
    return None if abs(q - 1 / k) < 1e-9 else measured + 1 - q
