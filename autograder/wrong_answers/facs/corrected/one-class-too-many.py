# Spreads the wrong labels over all k classes.
def true_accuracy(measured, q, k):
    luck = (1 - q) / k
    return None if abs(q - 1 / k) < 1e-9 else (measured - luck) / (q - luck)
