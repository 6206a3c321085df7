# Takes the plain mean of precision and recall for F1.
def precision_recall_f1(hits, misses, false_alarms):
    precision = hits / (hits + false_alarms) if hits + false_alarms else 0.0
    recall = hits / (hits + misses) if hits + misses else 0.0
    both = precision + recall
    return {"precision": precision, "recall": recall, "F1": both / 2}
