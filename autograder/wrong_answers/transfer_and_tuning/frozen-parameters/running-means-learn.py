# Counts a normalization's running mean and variance as learned.
def learning_and_not(layers, first):
    counts = {"learning": 0, "not learning": 0}
    thawed = False
    for layer in layers:
        thawed = thawed or layer["name"] == first
        size = sum(int(np.prod(shape)) for shape in layer["shapes"])
        counts["learning" if thawed else "not learning"] += size
    return counts
