# Returns places in the list of means instead of labels.
def nearest_mean(fit_images, fit_labels, images):
    labels = np.unique(fit_labels)
    means = np.array([fit_images[fit_labels == label].mean(axis=0) for label in labels])
    return ((images[:, None] - means) ** 2).sum(axis=(2, 3)).argmin(axis=1)
