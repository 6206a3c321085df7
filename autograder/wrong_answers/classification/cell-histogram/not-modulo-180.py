# Drops directions below 0 instead of taking them modulo 180.
def orientation_histogram(patch):
    gray = patch.astype(float)
    gx = gray[1:-1, 2:] - gray[1:-1, :-2]
    gy = gray[2:, 1:-1] - gray[:-2, 1:-1]
    direction = np.degrees(np.arctan2(gy, gx))
    return np.histogram(direction, bins=9, range=(0, 180), weights=np.hypot(gx, gy))[0]
