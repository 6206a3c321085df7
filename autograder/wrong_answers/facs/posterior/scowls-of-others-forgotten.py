# Gives the share of all moments that are angry with a scowl, and does not divide by all scowls.
def posterior(prior, scowl_if_angry, scowl_if_not):
    def share(angry, other):
        return angry if angry + other > 0 else None

    calm = 1 - prior
    return {
        "angry if scowl": share(prior * scowl_if_angry, calm * scowl_if_not),
        "angry if no scowl": share(prior * (1 - scowl_if_angry), calm * (1 - scowl_if_not)),
    }
