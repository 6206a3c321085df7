# Takes faces with the same pixels in any order for equal.
def without_seen(right, images, training_images):
    known = {np.sort(image.ravel()).tobytes() for image in training_images}
    right = np.asarray(right, bool)
    seen = np.array([np.sort(image.ravel()).tobytes() in known for image in images], bool)
    return {"all": float(right.mean()), "unseen": None if seen.all() else float(right[~seen].mean()),
            "seen": int(seen.sum())}
