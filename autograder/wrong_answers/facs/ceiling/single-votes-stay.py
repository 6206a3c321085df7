# Keeps faces with a single vote.
def ceiling(votes):
    votes = np.asarray(votes).astype(int)
    votes = votes[votes.sum(axis=1) >= 1]
    number = votes.sum(axis=1)
    right = np.zeros(len(votes))
    for label in range(votes.shape[1]):
        others = votes.copy()
        others[:, label] -= 1
        right += votes[:, label] * (others.argmax(axis=1) == label)
    flattering = float((votes.max(axis=1) / number).mean())
    return {"flattering": flattering, "fair": float((right / number).mean())}
