# Lets columns instead of rows sum to 1.
def probabilities(scores, temperature=1.0):
    scaled = np.asarray(scores) / temperature
    powers = np.exp(scaled - scaled.max())
    return powers / powers.sum(axis=0, keepdims=True)
