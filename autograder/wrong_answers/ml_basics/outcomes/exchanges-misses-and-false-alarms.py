# Exchanges misses and false alarms.
def outcomes(truth, predicted, positive):
    yes, says = truth == positive, predicted == positive
    return {
        "hits": int(np.sum(yes & says)),
        "misses": int(np.sum(~yes & says)),
        "false alarms": int(np.sum(yes & ~says)),
        "correct rejections": int(np.sum(~yes & ~says)),
    }
