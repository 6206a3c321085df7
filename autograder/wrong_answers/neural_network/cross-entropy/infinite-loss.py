# Takes the logarithm of 0.
def loss_by_class(answers, labels):
    labels = np.asarray(labels)
    with np.errstate(divide="ignore"):
        losses = -np.log(np.asarray(answers)[np.arange(len(labels)), labels])
    means = np.zeros(np.asarray(answers).shape[1])
    for label in np.unique(labels):
        means[label] = losses[labels == label].mean()
    return means
