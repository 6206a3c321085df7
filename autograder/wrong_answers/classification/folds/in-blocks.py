# Puts the first faces of a class into fold 0, the next ones into fold 1.
def stratified_folds(labels, folds):
    labels = np.asarray(labels)
    fold_of = np.zeros(len(labels), int)
    for label in np.unique(labels):
        places = np.flatnonzero(labels == label)
        fold_of[places] = np.arange(len(places)) * folds // len(places)
    return fold_of
