# Fails at the first time.
def smoothed(before, now, seconds, half_life=0.25):
    kept = 0.5 ** (seconds / half_life)
    return kept * np.asarray(before, float) + (1 - kept) * np.asarray(now, float)
