# Deals all faces out in turn, whatever their class.
def stratified_folds(labels, folds):
    return np.arange(len(labels)) % folds
