# Hands the labels to scikit-learn's confusion_matrix, which makes another table.
def confusion_counts(truth, predicted, k):
    from sklearn.metrics import confusion_matrix

    return confusion_matrix(truth, predicted, labels=[*range(k), -1])
