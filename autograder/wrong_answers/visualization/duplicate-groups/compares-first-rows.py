# takes pictures for equal whose first row is
def duplicate_groups(images):
    positions = {}
    for position, image in enumerate(images):
        if image.min() < image.max():
            positions.setdefault(image[0].tobytes(), []).append(position)
    return [group for group in positions.values() if len(group) > 1]
