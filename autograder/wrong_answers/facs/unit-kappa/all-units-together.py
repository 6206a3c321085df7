# Works one kappa out for all units together.
def unit_kappas(first, second, least):
    level = "ABCDE".index(least) + 1
    one, two = np.asarray(first) >= level, np.asarray(second) >= level
    p, q, same = one.mean(), two.mean(), (one == two).mean()
    chance = p * q + (1 - p) * (1 - q)
    return [float((same - chance) / (1 - chance))] * one.shape[1]
