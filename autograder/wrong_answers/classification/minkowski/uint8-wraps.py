# Subtracts in uint8, so that negative differences wrap around.
def distances_to(face, images, p):
    differences = np.abs(images - face).astype(float)
    return (differences**p).sum(axis=(1, 2)) ** (1 / p)
