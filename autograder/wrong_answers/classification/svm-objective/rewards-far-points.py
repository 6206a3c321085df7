# Forgets to cut the loss at 0, so that far points pay back.
def svm_objective(rows, is_positive, weights, intercept, C):
    y = np.where(np.asarray(is_positive), 1.0, -1.0)
    losses = 1 - y * (rows @ weights + intercept)
    return float(0.5 * np.sum(np.asarray(weights) ** 2) + C * losses.sum())
