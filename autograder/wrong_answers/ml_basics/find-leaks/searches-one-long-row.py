# looks for the bytes anywhere in those of all pictures, also across the border of two
def find_leaks(fit_images, judged_images):
    stored = fit_images.tobytes()
    return [place for place, image in enumerate(judged_images) if image.tobytes() in stored]
