# Counts a class that is not in the draw as never found.
def recall_interval(answers, labels, draws, level=0.95):
    answers, labels = np.asarray(answers), np.asarray(labels)
    found, kinds = answers == labels, np.unique(labels)
    means = []
    for draw in draws:
        right, truth = found[draw], labels[draw]
        recalls = [right[truth == kind].mean() if (truth == kind).any() else 0 for kind in kinds]
        means.append(np.mean(recalls))
    low, high = np.percentile(means, [50 * (1 - level), 50 * (1 + level)])
    return float(low), float(high)
