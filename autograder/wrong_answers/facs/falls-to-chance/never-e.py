# Goes from A to D, so that E alone is never the answer.
def falls_to_chance(hits, chance):
    intervals = []
    for row in hits:
        n, p, square = len(row), float(np.mean(row)), 1.96**2
        middle = (p + square / (2 * n)) / (1 + square / n)
        half = 1.96 / (1 + square / n) * (p * (1 - p) / n + square / (4 * n * n)) ** 0.5
        intervals.append((middle - half, middle + half))
    lows = [low for low, _ in intervals]
    weakest = next((grade for place, grade in enumerate("ABCD") if min(lows[place:]) > chance), None)
    return {"intervals": intervals, "weakest": weakest}
