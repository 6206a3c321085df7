# Divides by 0 faces.
def balanced_weights(labels, classes):
    counts = np.bincount(np.asarray(labels), minlength=classes)
    with np.errstate(divide="ignore"):
        return len(labels) / ((counts > 0).sum() * counts)
