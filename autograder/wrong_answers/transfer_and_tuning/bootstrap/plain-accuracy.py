# Takes the accuracy instead of the mean recall.
def recall_interval(answers, labels, draws, level=0.95):
    right = np.asarray(answers) == np.asarray(labels)
    means = [right[draw].mean() for draw in draws]
    low, high = np.percentile(means, [50 * (1 - level), 50 * (1 + level)])
    return float(low), float(high)
