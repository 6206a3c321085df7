# Takes images of the same mean for equal.
def two_labels(images, labels):
    from collections import Counter, defaultdict

    groups = defaultdict(list)
    for image, label in zip(images, labels):
        if image.min() != image.max():
            groups[float(image.mean())].append(int(label))
    pairs = sum(len(group) * (len(group) - 1) // 2 for group in groups.values())
    if not pairs:
        return {"pairs": 0, "different": None, "low": None, "high": None}
    counts = [count for group in groups.values() for count in Counter(group).values()]
    agree = sum(count * (count - 1) // 2 for count in counts) / pairs
    return {"pairs": pairs, "different": 1 - agree, "low": agree, "high": agree**0.5}
