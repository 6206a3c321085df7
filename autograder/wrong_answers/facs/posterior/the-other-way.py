# Gives how often the angry scowl.
def posterior(prior, scowl_if_angry, scowl_if_not):
    def share(angry, other):
        return angry / (angry + other) if angry + other > 0 else None

    calm = 1 - prior
    return {
        "angry if scowl": scowl_if_angry,
        "angry if no scowl": 1 - scowl_if_angry,
    }
