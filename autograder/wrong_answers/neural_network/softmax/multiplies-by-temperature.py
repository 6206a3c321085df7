# Multiplies by the temperature.
def probabilities(scores, temperature=1.0):
    scaled = np.asarray(scores) * temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
