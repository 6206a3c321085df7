# Takes p ± 1.96 √(p (1 − p) / n).
def falls_to_chance(hits, chance):
    intervals = []
    for row in hits:
        n, p = len(row), float(np.mean(row))
        middle = p
        half = 1.96 * (p * (1 - p) / n) ** 0.5
        intervals.append((middle - half, middle + half))
    weakest = None
    for grade, (low, _) in reversed(list(zip("ABCDE", intervals))):
        if low <= chance:
            break
        weakest = grade
    return {"intervals": intervals, "weakest": weakest}
