# turns the means back into bytes and loses the small differences
def mean_faces(images, labels, class_count):
    means = np.zeros((class_count, *images.shape[1:]), dtype=np.uint8)
    for label in range(class_count):
        of_class = images[labels == label]
        if len(of_class):
            means[label] = of_class.mean(axis=0)
    return means
