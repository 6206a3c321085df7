# Makes bins of equal width.
def reliability_bins(probabilities, labels, bins):
    probabilities = np.asarray(probabilities, float)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == np.asarray(labels)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    pieces = [np.flatnonzero(place == number) for number in range(bins)]
    return {
        "confidence": [float(confidence[piece].mean()) if len(piece) else 0.0 for piece in pieces],
        "accuracy": [float(right[piece].mean()) if len(piece) else 0.0 for piece in pieces],
        "faces": [len(piece) for piece in pieces],
    }
