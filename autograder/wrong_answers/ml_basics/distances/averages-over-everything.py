# Averages over the images, too, and returns one number.
def distances(images, image):
    return np.abs(images.astype(int) - image.astype(int)).mean()
