# takes smallest and largest level, so one speck holds the stretch back
def stretch(image, low=2, high=98):
    darkest, brightest = float(image.min()), float(image.max())
    if darkest == brightest:
        return image
    return np.rint(255 * (image.astype(float) - darkest) / (brightest - darkest)).astype(np.uint8)
