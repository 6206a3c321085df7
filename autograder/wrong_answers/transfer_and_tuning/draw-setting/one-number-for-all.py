# Uses the first number for everything.
def setting_from(numbers, space):
    setting = {}
    number = numbers[0]
    for name, (kind, *bounds) in space.items():
        if kind == "linear":
            setting[name] = bounds[0] + number * (bounds[1] - bounds[0])
        elif kind == "log":
            setting[name] = bounds[0] * (bounds[1] / bounds[0]) ** number
        else:
            setting[name] = bounds[0][int(number * len(bounds[0]))]
    return setting
