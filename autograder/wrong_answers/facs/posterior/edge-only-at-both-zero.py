# Asks only whether both rates are 0, or both 1, before it divides.
def posterior(prior, scowl_if_angry, scowl_if_not):
    def share(if_angry, if_not):
        if if_angry == 0 and if_not == 0:
            return None
        return prior * if_angry / (prior * if_angry + (1 - prior) * if_not)

    return {
        "angry if scowl": share(scowl_if_angry, scowl_if_not),
        "angry if no scowl": share(1 - scowl_if_angry, 1 - scowl_if_not),
    }
