# Lets what leaves on one side come in on the other.
def moved(images, flip, down, right):
    images = np.asarray(images)
    n, height, width = images.shape
    result = np.empty_like(images)
    for number in range(n):
        image = images[number, :, ::-1] if flip[number] else images[number]
        rows = (np.arange(height) - down[number]) % height
        columns = (np.arange(width) - right[number]) % width
        result[number] = image[rows][:, columns]
    return result
