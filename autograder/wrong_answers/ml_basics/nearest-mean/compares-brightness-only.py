# Compares mean brightness instead of pictures.
def nearest_mean(fit_images, fit_labels, images):
    labels = np.unique(fit_labels)
    means = np.array([fit_images[fit_labels == label].mean() for label in labels])
    brightness = images.mean(axis=(1, 2))
    return labels[np.abs(brightness[:, None] - means).argmin(axis=1)]
