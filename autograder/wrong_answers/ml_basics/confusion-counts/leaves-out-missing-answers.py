# Leaves out the faces whose answer is none of the classes.
def confusion_counts(truth, predicted, k):
    counts = np.zeros((k, k + 1), dtype=int)
    for row, answer in zip(truth, predicted):
        if 0 <= answer < k:
            counts[row, answer] += 1
    return counts
