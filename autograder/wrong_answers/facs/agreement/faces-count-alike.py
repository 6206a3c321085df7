# Averages over faces with a label instead of over the votes for it.
def agreement(votes):
    votes = np.asarray(votes).astype(int)
    raters = int(votes[0].sum())
    same = votes * (votes - 1)  # each agreeing pair, once from either side
    pairs = float(same.sum() / (len(votes) * raters * (raters - 1)))
    chance = float(((votes.sum(axis=0) / votes.sum()) ** 2).sum())
    kappa = (pairs - chance) / (1 - chance) if votes.any(axis=0).sum() > 1 else None
    given = votes.sum(axis=0)
    again = [float((column[column > 0] - 1).mean() / (raters - 1)) if count else None
             for column, count in zip(votes.T, given)]
    return {"pairs": pairs, "kappa": kappa, "again": again}
