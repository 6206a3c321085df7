# Puts answers into rows and truth into columns.
def confusion_counts(truth, predicted, k):
    counts = np.zeros((k + 1, k), dtype=int)
    for row, answer in zip(truth, predicted):
        counts[answer if 0 <= answer < k else k, row] += 1
    return np.hstack([counts[:k], counts[k:].T])
