# uses k - 1 components: slices from 1 as if the mean were the first
def rebuild(training, images, k):
    known = training.reshape(len(training), -1).astype(float)
    rows = images.reshape(len(images), -1).astype(float)
    mean = known.mean(axis=0)
    components = np.linalg.svd(known - mean, full_matrices=False)[2][1:k]
    back = mean + (rows - mean) @ components.T @ components
    return np.rint(np.clip(back, 0, 255)).astype(np.uint8).reshape(images.shape)
