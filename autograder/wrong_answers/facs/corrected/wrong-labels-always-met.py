# Takes it that two mistakes are always the same one.
def true_accuracy(measured, agree, k):
    if k * agree - 1 < 1e-9:
        return {"q": None, "t": None}
    q = (1 + ((k - 1) * (k * agree - 1)) ** 0.5) / k
    return {"q": q, "t": (measured - (1 - q)) / (2 * q - 1)}
