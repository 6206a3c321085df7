# Says 1 where all votes are one label.
def agreement(votes):
    votes = np.asarray(votes).astype(int)
    raters = int(votes[0].sum())
    pairs = float((votes * (votes - 1)).sum(axis=1).mean() / (raters * (raters - 1)))
    chance = float(((votes.sum(axis=0) / votes.sum()) ** 2).sum())
    kappa = (pairs - chance) / (1 - chance) if votes.any(axis=0).sum() > 1 else 1.0
    return {"pairs": pairs, "kappa": kappa}
