# Moves up and left instead of down and right.
def moved(images, flip, down, right):
    images = np.asarray(images)
    n, height, width = images.shape
    result = np.empty_like(images)
    for number in range(n):
        image = images[number, :, ::-1] if flip[number] else images[number]
        rows = np.clip(np.arange(height) + down[number], 0, height - 1)
        columns = np.clip(np.arange(width) + right[number], 0, width - 1)
        result[number] = image[rows][:, columns]
    return result
