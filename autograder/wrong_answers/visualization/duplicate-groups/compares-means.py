# takes pictures with the same mean for equal
def duplicate_groups(images):
    positions = {}
    for position, image in enumerate(images):
        if image.min() < image.max():
            positions.setdefault(float(image.mean()), []).append(position)
    return [group for group in positions.values() if len(group) > 1]
