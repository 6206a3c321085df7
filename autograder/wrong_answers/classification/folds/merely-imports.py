# Merely imports a library's folds, which follow another rule.
def stratified_folds(labels, folds):
    from sklearn.model_selection import StratifiedKFold

    fold_of = np.zeros(len(labels), int)
    for number, (_, held_out) in enumerate(StratifiedKFold(folds).split(labels, labels)):
        fold_of[held_out] = number
    return fold_of
