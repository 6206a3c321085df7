# Takes chance from the mean of both coders' shares.
def unit_kappas(first, second, least):
    level = "ABCDE".index(least) + 1
    one, two = np.asarray(first) >= level, np.asarray(second) >= level
    kappas = []
    for mine, yours in zip(one.T, two.T):
        if mine.all() and yours.all() or not (mine.any() or yours.any()):
            kappas.append(None)
            continue
        p, q, same = mine.mean(), yours.mean(), (mine == yours).mean()
        chance = ((p + q) / 2) ** 2 + (1 - (p + q) / 2) ** 2
        kappas.append(float((same - chance) / (1 - chance)))
    return kappas
