# Merges the true labels but not the answers.
def accuracy_by_scheme(truth, predicted):
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    right = truth == predicted
    return {"seven": float(right.mean()), "drop": float(right[truth != 1].mean()),
            "merge": float((np.where(truth == 1, 0, truth) == predicted).mean())}
