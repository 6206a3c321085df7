# leaves a picture alone only where smallest and largest level are equal, and divides by 0 where the percentiles are
def stretch(image, low=2, high=98):
    if image.min() == image.max():
        return image
    darkest, brightest = np.percentile(image, [low, high])
    position = (image.astype(float) - darkest) / (brightest - darkest)
    return np.rint(255 * np.clip(position, 0, 1)).astype(np.uint8)
