# Counts the pixels instead of adding their magnitudes.
def orientation_histogram(patch):
    gray = patch.astype(float)
    gx = gray[1:-1, 2:] - gray[1:-1, :-2]
    gy = gray[2:, 1:-1] - gray[:-2, 1:-1]
    direction = np.degrees(np.arctan2(gy, gx)) % 180
    return np.histogram(direction, bins=9, range=(0, 180))[0]
