# Takes the mean since the beginning.
def frames_per_second(moments):
    lately = list(moments)
    if len(lately) < 2 or lately[-1] == lately[0]:
        return 0.0
    return (len(lately) - 1) / (lately[-1] - lately[0])
