# Adds a border, so that the size stays.
def convolve(image, kernels, biases):
    from scipy.signal import correlate2d

    maps = [correlate2d(np.asarray(image, float), kernel, mode="same") for kernel in kernels]
    return np.stack(maps, axis=-1) + biases
