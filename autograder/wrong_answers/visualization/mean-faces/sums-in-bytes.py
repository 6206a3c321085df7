# adds gray levels as bytes, so bright pixels overflow
def mean_faces(images, labels, class_count):
    means = np.zeros((class_count, *images.shape[1:]))
    for label in range(class_count):
        of_class = images[labels == label]
        if len(of_class):
            means[label] = sum(of_class) / len(of_class)
    return means
