# starts the axis just below the smallest bar, as the lesson's misleading chart does
def class_chart(counts, title):
    figure, axes = plt.subplots()
    shares = pd.Series(counts).sort_values(ascending=False)
    shares = 100 * shares / shares.sum()
    axes.bar(list(shares.index), shares)
    axes.set(title=title, xlabel="emotion", ylabel="share of faces (%)")
    axes.set_ylim(shares.min() - 1, None)
    return figure
