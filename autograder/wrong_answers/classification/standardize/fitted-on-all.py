# Takes mean and deviation of training and new rows together.
def standardize(training, new):
    both = np.concatenate([training, new])
    mean, deviation = both.mean(axis=0), both.std(axis=0)
    deviation = np.where(deviation == 0, 1, deviation)
    return (training - mean) / deviation, (new - mean) / deviation
