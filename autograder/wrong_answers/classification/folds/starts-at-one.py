# Numbers the folds from 1.
def stratified_folds(labels, folds):
    labels = np.asarray(labels)
    fold_of = np.zeros(len(labels), int)
    for label in np.unique(labels):
        places = np.flatnonzero(labels == label)
        fold_of[places] = np.arange(len(places)) % folds + 1
    return fold_of
