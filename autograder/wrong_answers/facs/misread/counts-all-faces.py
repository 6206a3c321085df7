# Lets the coin be tossed for faces that did not change.
def misread(before, after):
    from scipy.stats import binomtest

    before, after = np.asarray(before, bool), np.asarray(after, bool)
    broken, mended = int((before & ~after).sum()), int((~before & after).sum())
    changed = broken + mended
    return {
        "gap": 100 * (mended - broken) / len(before),
        "broken": broken,
        "mended": mended,
        "p": float(binomtest(broken, len(before)).pvalue) if changed else 1.0,
    }
