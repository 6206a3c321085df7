# Lets a bin that is too sure make up for one that is too modest.
def calibration(confidence, right, edges):
    confidence, right = np.asarray(confidence, float), np.asarray(right, bool)
    gaps, faces = [], []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if low == edges[0]:
            inside |= confidence == low
        if inside.any():
            gaps.append(confidence[inside].mean() - right[inside].mean())
            faces.append(inside.sum())
    return {"error": float(abs(np.average(gaps, weights=faces))),
            "largest": float(np.abs(gaps).max()),
            "too sure": float(confidence.mean() - right.mean())}
