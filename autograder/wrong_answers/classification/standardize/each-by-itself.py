# Standardizes the new rows by themselves.
def standardize(training, new):
    def scaled(rows):
        deviation = rows.std(axis=0)
        return (rows - rows.mean(axis=0)) / np.where(deviation == 0, 1, deviation)

    return scaled(training), scaled(new)
