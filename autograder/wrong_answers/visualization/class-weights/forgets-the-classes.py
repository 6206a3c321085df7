# leaves the number of classes out of the formula
def class_weights(labels, classes):
    sizes = np.bincount(labels, minlength=len(classes))
    return {
        name: len(labels) / size if size else 0.0 for name, size in zip(classes, sizes.tolist())
    }
