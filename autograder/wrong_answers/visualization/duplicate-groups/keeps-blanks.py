# counts blank pictures as copies of each other
def duplicate_groups(images):
    positions = {}
    for position, image in enumerate(images):
        positions.setdefault(image.tobytes(), []).append(position)
    return [group for group in positions.values() if len(group) > 1]
