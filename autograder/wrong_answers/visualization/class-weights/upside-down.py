# turns the fraction round: large classes get large weights
def class_weights(labels, classes):
    sizes = np.bincount(labels, minlength=len(classes))
    return {
        name: len(classes) * size / len(labels) for name, size in zip(classes, sizes.tolist())
    }
