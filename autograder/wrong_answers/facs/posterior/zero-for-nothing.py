# Says 0 where there is no such moment.
def posterior(prior, scowl_if_angry, scowl_if_not):
    def share(angry, other):
        return angry / (angry + other) if angry + other > 0 else 0.0

    calm = 1 - prior
    return {
        "angry if scowl": share(prior * scowl_if_angry, calm * scowl_if_not),
        "angry if no scowl": share(prior * (1 - scowl_if_angry), calm * (1 - scowl_if_not)),
    }
