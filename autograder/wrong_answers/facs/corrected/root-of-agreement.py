# Forgets that two raters can be wrong in the same way.
def true_accuracy(measured, agree, k):
    if k * agree - 1 < 1e-9:
        return {"q": None, "t": None}
    q = agree**0.5
    luck = (1 - q) / (k - 1)
    return {"q": q, "t": (measured - luck) / (q - luck)}
