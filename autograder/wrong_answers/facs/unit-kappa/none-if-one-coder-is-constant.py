# Says nothing where only one of both coders always or never marks.
def unit_kappas(first, second, least):
    level = "ABCDE".index(least) + 1
    one, two = np.asarray(first) >= level, np.asarray(second) >= level
    kappas = []
    for mine, yours in zip(one.T, two.T):
        if mine.all() or yours.all() or not (mine.any() and yours.any()):
            kappas.append(None)
            continue
        p, q, same = mine.mean(), yours.mean(), (mine == yours).mean()
        chance = p * q + (1 - p) * (1 - q)
        kappas.append(float((same - chance) / (1 - chance)))
    return kappas
