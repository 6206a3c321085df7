# Takes how often raters agree for how often they are right.
def true_accuracy(measured, agree, k):
    if k * agree - 1 < 1e-9:
        return {"q": None, "t": None}
    q = agree
    luck = (1 - q) / (k - 1)
    return {"q": q, "t": (measured - luck) / (q - luck)}
