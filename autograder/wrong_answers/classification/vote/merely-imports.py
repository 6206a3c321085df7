# Merely imports a library's mode.
def vote(labels, distances, k):
    from scipy.stats import mode

    return int(mode(labels).mode)
