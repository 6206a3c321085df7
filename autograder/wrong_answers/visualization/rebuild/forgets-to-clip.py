# does not clip, so that levels beyond 0 and 255 wrap around
def rebuild(training, images, k):
    known = training.reshape(len(training), -1).astype(float)
    rows = images.reshape(len(images), -1).astype(float)
    mean = known.mean(axis=0)
    components = np.linalg.svd(known - mean, full_matrices=False)[2][:k]
    back = mean + (rows - mean) @ components.T @ components
    return np.rint(back).astype(int).astype(np.uint8).reshape(images.shape)
