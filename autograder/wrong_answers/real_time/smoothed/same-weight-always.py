# Weighs old and new alike, whatever the time.
def smoothed(before, now, seconds, half_life=0.25):
    if before is None:
        return np.asarray(now, float)
    kept = 0.5
    return kept * np.asarray(before, float) + (1 - kept) * np.asarray(now, float)
