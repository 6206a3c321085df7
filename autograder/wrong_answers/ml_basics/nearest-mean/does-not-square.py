# adds up differences without their signs instead of their squares
def nearest_mean(fit_images, fit_labels, images):
    labels = np.unique(fit_labels)
    means = [fit_images[fit_labels == label].mean(axis=0) for label in labels]
    answers = []
    for image in images:
        apart = [np.abs(image - mean).sum() for mean in means]
        answers.append(labels[np.argmin(apart)])
    return answers
