# Draws what works by factors linearly.
def setting_from(numbers, space):
    setting = {}
    for number, (name, (kind, *bounds)) in zip(numbers, space.items()):
        if kind == "choice":
            setting[name] = bounds[0][int(number * len(bounds[0]))]
        else:
            setting[name] = bounds[0] + number * (bounds[1] - bounds[0])
    return setting
