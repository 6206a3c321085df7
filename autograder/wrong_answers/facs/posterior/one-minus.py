# Takes one minus the first answer for the faces without a scowl.
def posterior(prior, scowl_if_angry, scowl_if_not):
    angry, other = prior * scowl_if_angry, (1 - prior) * scowl_if_not
    first = angry / (angry + other) if angry + other > 0 else None
    return {"angry if scowl": first, "angry if no scowl": None if first is None else 1 - first}
