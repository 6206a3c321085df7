# Gives a chance above 1 where both are alike.
def compare(first, second, labels):
    import math

    labels = np.asarray(labels)
    right, other = np.asarray(first) == labels, np.asarray(second) == labels
    ours, theirs = int((right & ~other).sum()), int((~right & other).sum())
    n = ours + theirs
    tail = sum(math.comb(n, i) for i in range(min(ours, theirs) + 1))
    return {"only first": ours, "only second": theirs,
            "difference": float(right.mean() - other.mean()), "p": 2 * tail / 2**n}
