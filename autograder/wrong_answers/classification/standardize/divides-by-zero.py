# Divides by a deviation of 0.
def standardize(training, new):
    with np.errstate(all="ignore"):
        mean, deviation = training.mean(axis=0), training.std(axis=0)
        return (training - mean) / deviation, (new - mean) / deviation
