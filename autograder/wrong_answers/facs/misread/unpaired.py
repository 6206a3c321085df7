# Compares the two accuracies as if they came from different faces.
def misread(before, after):
    from scipy.stats import fisher_exact

    before, after = np.asarray(before, bool), np.asarray(after, bool)
    broken, mended = int((before & ~after).sum()), int((~before & after).sum())
    table = [[hits.sum(), (~hits).sum()] for hits in (before, after)]
    return {
        "gap": 100 * (mended - broken) / len(before),
        "broken": broken,
        "mended": mended,
        "p": float(fisher_exact(table)[1]),
    }
