# Limits the result to 0 to 1, so that a broken assumption does not show.
def true_accuracy(measured, agree, k):
    if k * agree - 1 < 1e-9:
        return {"q": None, "t": None}
    q = (1 + ((k - 1) * (k * agree - 1)) ** 0.5) / k
    luck = (1 - q) / (k - 1)
    return {"q": q, "t": min(1.0, max(0.0, (measured - luck) / (q - luck)))}
