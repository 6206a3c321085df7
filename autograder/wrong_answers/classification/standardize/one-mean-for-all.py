# Takes one mean and deviation for all features.
def standardize(training, new):
    return (training - training.mean()) / training.std(), (new - training.mean()) / training.std()
