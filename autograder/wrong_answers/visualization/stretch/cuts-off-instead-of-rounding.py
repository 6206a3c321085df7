# turns floats into bytes without rounding, which cuts off what is behind the point
def stretch(image, low=2, high=98):
    darkest, brightest = np.percentile(image, [low, high])
    if darkest == brightest:
        return image
    position = (image.astype(float) - darkest) / (brightest - darkest)
    return (255 * np.clip(position, 0, 1)).astype(np.uint8)
