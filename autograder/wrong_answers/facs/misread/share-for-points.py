# Gives a share instead of percentage points.
def misread(before, after):
    from scipy.stats import binomtest

    before, after = np.asarray(before, bool), np.asarray(after, bool)
    broken, mended = int((before & ~after).sum()), int((~before & after).sum())
    changed = broken + mended
    return {
        "gap": (mended - broken) / len(before),
        "broken": broken,
        "mended": mended,
        "p": float(binomtest(broken, changed).pvalue) if changed else 1.0,
    }
