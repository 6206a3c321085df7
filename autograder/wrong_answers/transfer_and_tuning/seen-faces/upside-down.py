# Turns faces upside down instead of mirroring them.
def without_seen(right, images, training_images):
    known = {image.tobytes() for image in training_images}
    known |= {image[::-1].tobytes() for image in training_images}
    right = np.asarray(right, bool)
    seen = np.array([image.tobytes() in known for image in images], bool)
    return {"all": float(right.mean()), "unseen": None if seen.all() else float(right[~seen].mean()),
            "seen": int(seen.sum())}
