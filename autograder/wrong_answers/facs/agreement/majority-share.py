# Takes the share of the most frequent label instead of pairs.
def agreement(votes):
    votes = np.asarray(votes).astype(int)
    raters = int(votes[0].sum())
    same = votes * (votes - 1)  # each agreeing pair, once from either side
    pairs = float(votes.max(axis=1).mean() / raters)
    chance = float(((votes.sum(axis=0) / votes.sum()) ** 2).sum())
    kappa = (pairs - chance) / (1 - chance) if votes.any(axis=0).sum() > 1 else None
    given = votes.sum(axis=0)
    again = [float(met / (count * (raters - 1))) if count else None
             for met, count in zip(same.sum(axis=0), given)]
    return {"pairs": pairs, "kappa": kappa, "again": again}
