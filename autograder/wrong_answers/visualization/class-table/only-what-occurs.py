# a bare crosstab: classes and splits without faces are missing
def class_table(labels, splits, classes):
    names = np.array(classes)[np.asarray(labels, dtype=int)]
    return pd.crosstab(names, np.asarray(splits))
