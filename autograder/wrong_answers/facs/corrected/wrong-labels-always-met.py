# Takes it that two mistakes are always the same one.
def true_accuracy(measured, q, k):
    luck = (1 - q) / (k - 1)
    return None if abs(q - 1 / k) < 1e-9 else (measured - (1 - q)) / (2 * q - 1)
