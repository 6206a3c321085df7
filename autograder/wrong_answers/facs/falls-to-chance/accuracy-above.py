# Compares the accuracy with chance, not its interval.
def falls_to_chance(hits, chance):
    intervals = []
    for row in hits:
        n, p, square = len(row), float(np.mean(row)), 1.96**2
        middle = (p + square / (2 * n)) / (1 + square / n)
        half = 1.96 / (1 + square / n) * (p * (1 - p) / n + square / (4 * n * n)) ** 0.5
        intervals.append((middle - half, middle + half))
    weakest = None
    for grade, row in reversed(list(zip("ABCDE", hits))):
        if np.mean(row) <= chance:
            break
        weakest = grade
    return {"intervals": intervals, "weakest": weakest}
