# divides by all faces although some were left out
def accuracy_by_scheme(truth, answers):
    right = truth == answers
    kept = truth != 1
    merged = np.where(truth == 1, 0, truth) == np.where(answers == 1, 0, answers)
    return {
        "seven": right.mean(),
        "six, dropped": right[kept].sum() / len(right),
        "six, merged": merged.mean(),
    }
