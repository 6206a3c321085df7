# Counts each rater as agreeing with themself.
def agreement(votes):
    votes = np.asarray(votes).astype(int)
    raters = int(votes[0].sum())
    pairs = float((votes**2).sum(axis=1).mean() / raters**2)
    chance = float(((votes.sum(axis=0) / votes.sum()) ** 2).sum())
    kappa = (pairs - chance) / (1 - chance) if votes.any(axis=0).sum() > 1 else None
    return {"pairs": pairs, "kappa": kappa}
