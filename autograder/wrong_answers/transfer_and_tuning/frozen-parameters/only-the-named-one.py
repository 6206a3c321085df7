# Lets the named layer alone learn.
def learning_and_not(layers, first):
    counts = {"learning": 0, "not learning": 0}
    for layer in layers:
        for place, shape in enumerate(layer["shapes"]):
            fixed = layer["kind"] == "BatchNormalization" and place >= 2
            key = "learning" if layer["name"] == first and not fixed else "not learning"
            counts[key] += int(np.prod(shape))
    return counts
