# Counts images that occur more than once instead of pairs.
def two_labels(images, labels):
    from collections import defaultdict

    groups = defaultdict(list)
    for image, label in zip(images, labels):
        if image.min() != image.max():
            groups[image.tobytes()].append(int(label))
    copies = [group for group in groups.values() if len(group) > 1]
    number = sum(len(group) for group in copies)
    if not number:
        return {"pairs": 0, "different": None, "low": None, "high": None}
    agree = sum(len(group) for group in copies if len(set(group)) == 1) / number
    return {"pairs": number, "different": 1 - agree, "low": agree, "high": agree**0.5}
