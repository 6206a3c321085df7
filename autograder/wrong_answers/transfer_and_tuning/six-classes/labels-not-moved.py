# Deletes the column and leaves the labels as they were.
def in_both_schemes(first, second, labels, classes):
    labels = np.asarray(labels).astype(int)
    disgust = list(classes).index("Disgust")
    kept = labels != disgust
    seven, six = [], []
    for answers in (np.asarray(first, float), np.asarray(second, float)):
        seven.append(float((answers.argmax(axis=1) == labels).mean()))
        without = np.delete(answers, disgust, axis=1)
        six.append(float((without.argmax(axis=1) == labels)[kept].mean()))
    same = (seven[0] >= seven[1]) == (six[0] >= six[1])
    return {"seven": seven, "six": six, "left": float(kept.mean()), "same leader": bool(same)}
