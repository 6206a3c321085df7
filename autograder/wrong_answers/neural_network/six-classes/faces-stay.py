# Leaves the column out, but counts Disgust's faces as missed.
def three_accuracies(answers, labels, classes):
    answers, labels = np.asarray(answers, float), np.asarray(labels).astype(int)
    disgust, angry = list(classes).index("Disgust"), list(classes).index("Angry")
    without = answers.copy()
    without[:, disgust] = -1  # never the largest
    kept = labels != disgust
    merged = without.copy()
    merged[:, angry] = answers[:, angry] + answers[:, disgust]
    merged_labels = np.where(labels == disgust, angry, labels)
    return {
        "seven": float((answers.argmax(axis=1) == labels).mean()),
        "left out": float((without.argmax(axis=1) == labels).mean()),
        "merged": float((merged.argmax(axis=1) == merged_labels).mean()),
    }
