# Freezes the named layer, too.
def learning_and_not(layers, first):
    counts = {"learning": 0, "not learning": 0}
    thawed = False
    for layer in layers:
        for place, shape in enumerate(layer["shapes"]):
            fixed = layer["kind"] == "BatchNormalization" and place >= 2
            key = "learning" if thawed and not fixed else "not learning"
            counts[key] += int(np.prod(shape))
        thawed = thawed or layer["name"] == first
    return counts
