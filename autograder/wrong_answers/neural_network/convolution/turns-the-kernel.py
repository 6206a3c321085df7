# Turns the kernel around, as mathematicians do.
def convolve(image, kernels, biases):
    from scipy.signal import convolve2d

    maps = [convolve2d(np.asarray(image, float), kernel, mode="valid") for kernel in kernels]
    return np.stack(maps, axis=-1) + biases
