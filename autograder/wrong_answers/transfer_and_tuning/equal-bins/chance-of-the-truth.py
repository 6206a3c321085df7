# Takes the probability of the right class as the confidence.
def reliability_bins(probabilities, labels, bins):
    probabilities, labels = np.asarray(probabilities, float), np.asarray(labels)
    confidence = probabilities[np.arange(len(labels)), labels]
    right = probabilities.argmax(axis=1) == labels
    pieces = np.array_split(np.argsort(confidence, kind="stable"), bins)
    return {
        "confidence": [float(confidence[piece].mean()) for piece in pieces],
        "accuracy": [float(right[piece].mean()) for piece in pieces],
        "faces": [len(piece) for piece in pieces],
    }
