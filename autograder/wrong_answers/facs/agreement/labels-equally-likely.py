# Takes chance as if all labels were equally frequent.
def agreement(votes):
    votes = np.asarray(votes).astype(int)
    raters = int(votes[0].sum())
    pairs = float((votes * (votes - 1)).sum(axis=1).mean() / (raters * (raters - 1)))
    chance = 1 / votes.shape[1]
    kappa = (pairs - chance) / (1 - chance) if votes.any(axis=0).sum() > 1 else None
    return {"pairs": pairs, "kappa": kappa}
