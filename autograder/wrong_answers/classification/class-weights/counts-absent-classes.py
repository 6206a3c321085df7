# Counts classes without a face in k.
def balanced_weights(labels, classes):
    counts = np.bincount(np.asarray(labels), minlength=classes)
    weights = np.zeros(classes)
    weights[counts > 0] = len(labels) / (classes * counts[counts > 0])
    return weights
