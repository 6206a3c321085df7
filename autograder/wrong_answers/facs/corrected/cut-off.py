# Limits the result to 0 to 1, so that a broken assumption does not show.
def true_accuracy(measured, q, k):
    luck = (1 - q) / (k - 1)
    return None if abs(q - 1 / k) < 1e-9 else min(1.0, max(0.0, (measured - luck) / (q - luck)))
