# leaves the bars in the order of the labels
def class_chart(counts, title):
    figure, axes = plt.subplots()
    numbers = pd.Series(counts)
    axes.bar(list(numbers.index), 100 * numbers / numbers.sum())
    axes.set(title=title, xlabel="emotion", ylabel="share of faces (%)")
    return figure
