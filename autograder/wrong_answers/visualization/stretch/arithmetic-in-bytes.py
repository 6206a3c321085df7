# subtracts and multiplies bytes, which wrap around
def stretch(image, low=2, high=98):
    darkest, brightest = np.percentile(image, [low, high]).astype(np.uint8)
    if darkest == brightest:
        return image
    return (image - darkest) * np.uint8(255) // (brightest - darkest)
