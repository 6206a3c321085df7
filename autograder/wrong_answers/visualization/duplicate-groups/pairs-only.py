# lists pairs, so three equal pictures come as several groups
def duplicate_groups(images):
    pairs = []
    for i in range(len(images)):
        for j in range(i + 1, len(images)):
            if images[i].min() < images[i].max() and np.array_equal(images[i], images[j]):
                pairs.append([i, j])
    return pairs
