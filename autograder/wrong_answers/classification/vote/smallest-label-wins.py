# Lets the smallest class number win a tie.
def vote(labels, distances, k):
    order = np.argsort(np.asarray(distances), kind="stable")[:k]
    return int(np.bincount(np.asarray(labels)[order]).argmax())
