# a bare crosstab: classes and splits without faces are missing
def class_table(labels, splits, classes):
    names = np.array(classes)[labels]
    return pd.crosstab(names, splits)
