# Compares the first picture with the first, the second with the second.
def find_leaks(fit_images, judged_images):
    n = min(len(fit_images), len(judged_images))
    return np.flatnonzero((fit_images[:n] == judged_images[:n]).all(axis=(1, 2)))
