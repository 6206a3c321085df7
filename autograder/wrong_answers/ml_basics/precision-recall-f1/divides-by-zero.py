# Divides by 0 where nothing was found.
def precision_recall_f1(hits, misses, false_alarms):
    precision = hits / (hits + false_alarms)
    recall = hits / (hits + misses)
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": precision, "recall": recall, "F1": f1}
