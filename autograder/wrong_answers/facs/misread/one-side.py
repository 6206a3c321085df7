# Asks for one side only.
def misread(before, after):
    from scipy.stats import binomtest

    before, after = np.asarray(before, bool), np.asarray(after, bool)
    broken, mended = int((before & ~after).sum()), int((~before & after).sum())
    changed = broken + mended
    return {
        "gap": 100 * (mended - broken) / len(before),
        "broken": broken,
        "mended": mended,
        "p": float(binomtest(min(broken, mended), changed, alternative="less").pvalue) if changed else 1.0,
    }
