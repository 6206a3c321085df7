# Lets each bin count the same, however few faces it has.
def calibration(confidence, right, edges):
    confidence, right = np.asarray(confidence, float), np.asarray(right, bool)
    gaps = []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if low == edges[0]:
            inside |= confidence == low
        if inside.any():
            gaps.append(abs(confidence[inside].mean() - right[inside].mean()))
    return {"error": float(np.mean(gaps)), "largest": float(max(gaps)),
            "too sure": float(confidence.mean() - right.mean())}
