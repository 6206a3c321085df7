# Puts a confidence on an edge into the bin above.
def calibration(confidence, right, edges):
    confidence, right = np.asarray(confidence, float), np.asarray(right, bool)
    gaps, faces = [], []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence >= low) & (confidence < high)
        if high == edges[-1]:
            inside |= confidence == high
        if inside.any():
            gaps.append(abs(confidence[inside].mean() - right[inside].mean()))
            faces.append(inside.sum())
    return {"error": float(np.average(gaps, weights=faces)), "largest": float(max(gaps)),
            "too sure": float(confidence.mean() - right.mean())}
