# Leaves running means and variances out altogether.
def learning_and_not(layers, first):
    counts = {"learning": 0, "not learning": 0}
    thawed = False
    for layer in layers:
        thawed = thawed or layer["name"] == first
        for shape in layer["shapes"][:2]:
            counts["learning" if thawed else "not learning"] += int(np.prod(shape))
    return counts
