# Leaves the faces out, but lets Disgust still win.
def in_both_schemes(first, second, labels, classes):
    labels = np.asarray(labels).astype(int)
    disgust = list(classes).index("Disgust")
    kept = labels != disgust
    right = [np.asarray(answers).argmax(axis=1) == labels for answers in (first, second)]
    seven, six = [float(r.mean()) for r in right], [float(r[kept].mean()) for r in right]
    same = (seven[0] >= seven[1]) == (six[0] >= six[1])
    return {"seven": seven, "six": six, "left": float(kept.mean()), "same leader": bool(same)}
