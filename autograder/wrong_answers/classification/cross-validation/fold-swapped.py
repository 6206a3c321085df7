# Fits on one fold and tests on all the others.
def cross_validate(rows, labels, fold_of):
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    accuracies = []
    for fold in range(int(np.max(fold_of)) + 1):
        known = fold_of == fold
        model = make_pipeline(StandardScaler(), KNeighborsClassifier(1)).fit(rows[known], labels[known])
        accuracies.append(float((model.predict(rows[~known]) == labels[~known]).mean()))
    return accuracies
