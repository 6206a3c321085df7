# Gives the logarithm instead of the number.
def setting_from(numbers, space):
    setting = {}
    for number, (name, (kind, *bounds)) in zip(numbers, space.items()):
        if kind == "linear":
            setting[name] = bounds[0] + number * (bounds[1] - bounds[0])
        elif kind == "log":
            low, high = np.log10(bounds)
            setting[name] = float(low + number * (high - low))
        else:
            setting[name] = bounds[0][int(number * len(bounds[0]))]
    return setting
