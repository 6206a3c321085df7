# also leaves out the faces that were answered Disgust, which hides mistakes
def accuracy_by_scheme(truth, answers):
    right = truth == answers
    kept = (truth != 1) & (answers != 1)
    merged = np.where(truth == 1, 0, truth) == np.where(answers == 1, 0, answers)
    return {
        "seven": right.mean(),
        "six, dropped": right[kept].mean() if kept.any() else 0.0,
        "six, merged": merged.mean(),
    }
