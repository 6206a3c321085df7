# Takes images for copies that differ by a gray level.
def two_labels(images, labels):
    from itertools import combinations

    images = [image.astype(int) for image in images]
    same = [labels[one] == labels[two] for one, two in combinations(range(len(images)), 2)
            if images[one].min() != images[one].max() and abs(images[one] - images[two]).max() <= 1]
    if not same:
        return {"pairs": 0, "different": None, "low": None, "high": None}
    agree = sum(same) / len(same)
    return {"pairs": len(same), "different": 1 - agree, "low": agree, "high": agree**0.5}
