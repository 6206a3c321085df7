# rows in the alphabet's order, not in that of the labels
def class_table(labels, splits, classes):
    names = np.array(classes)[labels]
    counts = pd.crosstab(names, splits)
    return counts.reindex(index=sorted(classes), columns=SPLITS, fill_value=0)
