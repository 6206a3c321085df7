# Subtracts in uint8, so that edges from light to dark wrap around.
def orientation_histogram(patch):
    gx = (patch[1:-1, 2:] - patch[1:-1, :-2]).astype(float)
    gy = (patch[2:, 1:-1] - patch[:-2, 1:-1]).astype(float)
    direction = np.degrees(np.arctan2(gy, gx)) % 180
    return np.histogram(direction, bins=9, range=(0, 180), weights=np.hypot(gx, gy))[0]
