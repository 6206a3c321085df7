# Takes the farthest instead of the nearest.
def vote(labels, distances, k):
    order = np.argsort(-np.asarray(distances), kind="stable")[:k]
    nearest = [int(label) for label in np.asarray(labels)[order]]
    return max(nearest, key=nearest.count)
