# Makes its own bins of equal width.
def calibration(confidence, right, edges):
    confidence, right = np.asarray(confidence, float), np.asarray(right, bool)
    edges = np.linspace(0, 1, len(edges))
    gaps, faces = [], []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if low == edges[0]:
            inside |= confidence == low
        if inside.any():
            gaps.append(abs(confidence[inside].mean() - right[inside].mean()))
            faces.append(inside.sum())
    return {"error": float(np.average(gaps, weights=faces)), "largest": float(max(gaps)),
            "too sure": float(confidence.mean() - right.mean())}
