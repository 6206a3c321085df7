# asks `image in fit_images`, which is True where a single pixel is equal
def find_leaks(fit_images, judged_images):
    return [place for place, image in enumerate(judged_images) if image in fit_images]
