# Takes pictures for copies that have the same sum of gray levels.
def find_leaks(fit_images, judged_images):
    seen = set(fit_images.sum(axis=(1, 2)))
    return np.flatnonzero([image.sum() in seen for image in judged_images])
