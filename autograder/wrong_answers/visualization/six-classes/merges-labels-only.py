# merges Disgust into Angry in the labels but not in the answers
def accuracy_by_scheme(truth, answers):
    right = truth == answers
    kept = truth != 1
    return {
        "seven": right.mean(),
        "six, dropped": right[kept].mean() if kept.any() else 0.0,
        "six, merged": (np.where(truth == 1, 0, truth) == answers).mean(),
    }
