# Leaves the counts NumPy's whole numbers, which overflow in 2 to the n.
def compare(first, second, labels):
    import math

    labels = np.asarray(labels)
    right, other = np.asarray(first) == labels, np.asarray(second) == labels
    ours, theirs = (right & ~other).sum(), (~right & other).sum()
    n = ours + theirs
    tail = sum(math.comb(n, i) for i in range(min(ours, theirs) + 1))
    return {"only first": ours, "only second": theirs,
            "difference": float(right.mean() - other.mean()), "p": min(1.0, 2 * tail / 2**n)}
