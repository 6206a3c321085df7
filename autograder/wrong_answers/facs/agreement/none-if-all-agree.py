# Says nothing of kappa where all agree, though on different labels.
def agreement(votes):
    votes = np.asarray(votes).astype(int)
    raters = int(votes[0].sum())
    same = votes * (votes - 1)  # each agreeing pair, once from either side
    pairs = float(same.sum() / (len(votes) * raters * (raters - 1)))
    chance = float(((votes.sum(axis=0) / votes.sum()) ** 2).sum())
    kappa = (pairs - chance) / (1 - chance) if pairs < 1 else None
    given = votes.sum(axis=0)
    again = [float(met / (count * (raters - 1))) if count else None
             for met, count in zip(same.sum(axis=0), given)]
    return {"pairs": pairs, "kappa": kappa, "again": again}
