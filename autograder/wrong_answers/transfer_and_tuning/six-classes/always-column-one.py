# Takes it for granted that Disgust is column 1.
def in_both_schemes(first, second, labels, classes):
    labels = np.asarray(labels).astype(int)
    disgust = 1
    kept = labels != disgust
    seven, six = [], []
    for answers in (np.asarray(first, float), np.asarray(second, float)):
        seven.append(float((answers.argmax(axis=1) == labels).mean()))
        without = answers.copy()
        without[:, disgust] = -1
        six.append(float((without.argmax(axis=1) == labels)[kept].mean()))
    same = (seven[0] >= seven[1]) == (six[0] >= six[1])
    return {"seven": seven, "six": six, "left": float(kept.mean()), "same leader": bool(same)}
