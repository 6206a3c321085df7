# Takes the first k of the list instead of the nearest.
def vote(labels, distances, k):
    nearest = [int(label) for label in labels[:k]]
    return max(nearest, key=nearest.count)
