# Exchanges precision and recall.
def precision_recall_f1(hits, misses, false_alarms):
    precision = hits / (hits + misses) if hits + misses else 0.0
    recall = hits / (hits + false_alarms) if hits + false_alarms else 0.0
    both = precision + recall
    return {
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / both if both else 0.0,
    }
