# Compares the two rates of scowling and forgets how rare anger is.
def posterior(prior, scowl_if_angry, scowl_if_not):
    def share(angry, other):
        return angry / (angry + other) if angry + other > 0 else None

    prior = calm = 1
    return {
        "angry if scowl": share(prior * scowl_if_angry, calm * scowl_if_not),
        "angry if no scowl": share(prior * (1 - scowl_if_angry), calm * (1 - scowl_if_not)),
    }
