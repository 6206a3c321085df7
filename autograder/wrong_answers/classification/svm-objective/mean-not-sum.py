# Takes the mean of the hinge losses instead of their sum.
def svm_objective(rows, is_positive, weights, intercept, C):
    y = np.where(np.asarray(is_positive), 1.0, -1.0)
    hinge = np.maximum(0, 1 - y * (rows @ weights + intercept))
    return float(0.5 * np.sum(np.asarray(weights) ** 2) + C * hinge.mean())
