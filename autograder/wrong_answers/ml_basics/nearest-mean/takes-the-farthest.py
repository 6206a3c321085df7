# Takes the class whose mean is farthest.
def nearest_mean(fit_images, fit_labels, images):
    labels = np.unique(fit_labels)
    means = np.array([fit_images[fit_labels == label].mean(axis=0) for label in labels])
    return labels[((images[:, None] - means) ** 2).sum(axis=(2, 3)).argmax(axis=1)]
