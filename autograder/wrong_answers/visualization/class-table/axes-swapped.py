# splits as rows and classes as columns
def class_table(labels, splits, classes):
    names = np.array(classes)[labels]
    counts = pd.crosstab(splits, names)
    return counts.reindex(index=SPLITS, columns=list(classes), fill_value=0)
