# Takes only -1 for a missing answer, not a number beyond the classes.
def confusion_counts(truth, predicted, k):
    counts = np.zeros((k, k + 1), dtype=int)
    for row, answer in zip(truth, predicted):
        if answer == -1:
            answer = k
        if 0 <= answer <= k:
            counts[row, answer] += 1
    return counts
