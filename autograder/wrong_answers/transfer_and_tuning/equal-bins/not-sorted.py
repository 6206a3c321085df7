# Splits the faces as they stand.
def reliability_bins(probabilities, labels, bins):
    probabilities = np.asarray(probabilities, float)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == np.asarray(labels)
    pieces = np.array_split(np.arange(len(confidence)), bins)
    return {
        "confidence": [float(confidence[piece].mean()) for piece in pieces],
        "accuracy": [float(right[piece].mean()) for piece in pieces],
        "faces": [len(piece) for piece in pieces],
    }
