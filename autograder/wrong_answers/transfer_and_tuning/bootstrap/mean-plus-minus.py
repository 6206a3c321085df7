# Takes the mean plus and minus 1.96 standard deviations.
def recall_interval(answers, labels, draws, level=0.95):
    answers, labels = np.asarray(answers), np.asarray(labels)
    found = answers == labels
    means = []
    for draw in draws:
        right, truth = found[draw], labels[draw]
        means.append(np.mean([right[truth == kind].mean() for kind in np.unique(truth)]))
    return float(np.mean(means) - 1.96 * np.std(means)), float(np.mean(means) + 1.96 * np.std(means))
