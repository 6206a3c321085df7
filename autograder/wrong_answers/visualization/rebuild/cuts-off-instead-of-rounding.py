# turns floats into bytes without rounding
def rebuild(training, images, k):
    rows = training.reshape(len(training), -1).astype(float)
    mean = rows.mean(axis=0)
    components = np.linalg.svd(rows - mean, full_matrices=False)[2][:k]
    coordinates = (images.reshape(len(images), -1) - mean) @ components.T
    rebuilt = np.clip(mean + coordinates @ components, 0, 255)
    return rebuilt.astype(np.uint8).reshape(images.shape)
