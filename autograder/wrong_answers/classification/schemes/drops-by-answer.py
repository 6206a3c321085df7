# Leaves out the faces that the model calls Disgust, too.
def accuracy_by_scheme(truth, predicted):
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    right = truth == predicted
    merged = np.where(truth == 1, 0, truth) == np.where(predicted == 1, 0, predicted)
    return {"seven": float(right.mean()), "drop": float(right[(truth != 1) & (predicted != 1)].mean()),
            "merge": float(merged.mean())}
