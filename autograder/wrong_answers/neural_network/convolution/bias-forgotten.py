# Forgets the biases.
def convolve(image, kernels, biases):
    from scipy.signal import correlate2d

    maps = [correlate2d(np.asarray(image, float), kernel, mode="valid") for kernel in kernels]
    return np.stack(maps, axis=-1)
