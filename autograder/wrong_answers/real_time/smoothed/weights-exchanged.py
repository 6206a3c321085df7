# Gives the old weight to the new answer.
def smoothed(before, now, seconds, half_life=0.25):
    if before is None:
        return np.asarray(now, float)
    kept = 1 - 0.5 ** (seconds / half_life)
    return kept * np.asarray(before, float) + (1 - kept) * np.asarray(now, float)
