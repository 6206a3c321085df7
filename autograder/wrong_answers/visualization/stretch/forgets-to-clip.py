# does not clip, so that levels beyond the percentiles wrap around
def stretch(image, low=2, high=98):
    darkest, brightest = np.percentile(image, [low, high])
    if darkest == brightest:
        return image
    position = (image.astype(float) - darkest) / (brightest - darkest)
    return np.rint(255 * position).astype(int).astype(np.uint8)
