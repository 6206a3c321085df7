# Takes the first n faces, whatever their class.
def stratified(labels, n):
    return np.arange(n)
