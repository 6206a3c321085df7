# Uses 0 instead of −1 for the other class.
def svm_objective(rows, is_positive, weights, intercept, C):
    y = np.asarray(is_positive).astype(float)
    hinge = np.maximum(0, 1 - y * (rows @ weights + intercept))
    return float(0.5 * np.sum(np.asarray(weights) ** 2) + C * hinge.sum())
