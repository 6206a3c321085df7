# Subtracts uint8 from uint8, so that 10 - 13 is 253.
def distances(images, image):
    return np.abs(images - image).mean(axis=(1, 2))
