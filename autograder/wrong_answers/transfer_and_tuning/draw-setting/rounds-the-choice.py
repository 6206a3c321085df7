# Rounds to the nearest place, so that the ends are chosen half as often.
def setting_from(numbers, space):
    setting = {}
    for number, (name, (kind, *bounds)) in zip(numbers, space.items()):
        if kind == "linear":
            setting[name] = bounds[0] + number * (bounds[1] - bounds[0])
        elif kind == "log":
            setting[name] = bounds[0] * (bounds[1] / bounds[0]) ** number
        else:
            setting[name] = bounds[0][round(number * len(bounds[0])) % len(bounds[0])]
    return setting
