# Reports pictures, too, that come twice in the judged part only.
def find_leaks(fit_images, judged_images):
    pictures = [image.tobytes() for image in judged_images]
    seen = {image.tobytes() for image in fit_images}
    return np.flatnonzero([p in seen or pictures.count(p) > 1 for p in pictures])
