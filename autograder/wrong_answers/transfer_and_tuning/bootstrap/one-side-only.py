# Leaves out the whole rest on each side.
def recall_interval(answers, labels, draws, level=0.95):
    answers, labels = np.asarray(answers), np.asarray(labels)
    found = answers == labels
    means = []
    for draw in draws:
        right, truth = found[draw], labels[draw]
        means.append(np.mean([right[truth == kind].mean() for kind in np.unique(truth)]))
    low, high = np.percentile(means, [100 * (1 - level), 100 * level])
    return float(low), float(high)
