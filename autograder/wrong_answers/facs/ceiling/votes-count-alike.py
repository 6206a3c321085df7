# Weighs faces by their number of votes.
def ceiling(votes):
    votes = np.asarray(votes).astype(int)
    votes = votes[votes.sum(axis=1) >= 2]
    number = votes.sum(axis=1)
    right = np.zeros(len(votes))
    for label in range(votes.shape[1]):
        others = votes.copy()
        others[:, label] -= 1
        right += votes[:, label] * (others.argmax(axis=1) == label)
    flattering = float(votes.max(axis=1).sum() / number.sum())
    return {"flattering": flattering, "fair": float(right.sum() / number.sum())}
