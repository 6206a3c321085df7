# Takes the most frequent class of the judged part.
def baselines(fit_labels, judged_labels, k):
    fit_shares = np.bincount(fit_labels, minlength=k) / len(fit_labels)
    judged_shares = np.bincount(judged_labels, minlength=k) / len(judged_labels)
    return {
        "majority": judged_shares.max(),
        "even": 1 / k,
        "in proportion": np.sum(fit_shares * judged_shares),
    }
