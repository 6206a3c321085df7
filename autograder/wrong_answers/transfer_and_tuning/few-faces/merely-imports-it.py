# Imports the course's own subset, which takes other faces.
def stratified(labels, n):
    from fercourse.dataset.splitting import stratified_subset
    labels = np.asarray(labels)
    return stratified_subset(labels, np.arange(len(labels)), n)
