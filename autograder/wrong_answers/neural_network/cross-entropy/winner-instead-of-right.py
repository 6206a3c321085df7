# Takes the largest probability instead of that of the right class.
def loss_by_class(answers, labels):
    labels = np.asarray(labels)
    losses = -np.log(np.maximum(np.asarray(answers).max(axis=1), 1e-7))
    means = np.zeros(np.asarray(answers).shape[1])
    for label in np.unique(labels):
        means[label] = losses[labels == label].mean()
    return means
