# Multiplies the shares of the part to fit on by themselves.
def baselines(fit_labels, judged_labels, k):
    fit_shares = np.bincount(fit_labels, minlength=k) / len(fit_labels)
    judged_shares = np.bincount(judged_labels, minlength=k) / len(judged_labels)
    return {
        "majority": judged_shares[fit_shares.argmax()],
        "even": 1 / k,
        "in proportion": np.sum(fit_shares**2),
    }
