# splits as rows and classes as columns
def class_table(labels, splits, classes):
    names = np.array(classes)[np.asarray(labels, dtype=int)]
    counts = pd.crosstab(np.asarray(splits), names)
    return counts.reindex(index=SPLITS, columns=list(classes), fill_value=0)
