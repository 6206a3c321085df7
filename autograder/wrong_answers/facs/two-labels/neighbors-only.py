# Compares each copy with the one before it only.
def two_labels(images, labels):
    from collections import defaultdict

    groups = defaultdict(list)
    for image, label in zip(images, labels):
        if image.min() != image.max():
            groups[image.tobytes()].append(int(label))
    same = [one == two for group in groups.values() for one, two in zip(group, group[1:])]
    if not same:
        return {"pairs": 0, "different": None, "low": None, "high": None}
    agree = sum(same) / len(same)
    return {"pairs": len(same), "different": 1 - agree, "low": agree, "high": agree**0.5}
