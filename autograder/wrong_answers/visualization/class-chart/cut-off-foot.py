# starts the bars at the smallest share instead of zero
def class_chart(counts, title):
    figure, axes = plt.subplots()
    shares = pd.Series(counts).sort_values(ascending=False)
    shares = 100 * shares / shares.sum()
    axes.bar(list(shares.index), shares - shares.min() / 2, bottom=shares.min() / 2)
    axes.set(title=title, xlabel="emotion", ylabel="share of faces (%)")
    return figure
