# Adds all divisions' faces up instead of taking means.
def optimism(hits, choosing):
    hits, choosing = np.asarray(hits, bool), np.asarray(choosing, bool)
    sums, faces = [0, 0], [0, 0]
    for row in choosing:
        winner = hits[:, row].mean(axis=1).argmax()
        for place, part in enumerate((row, ~row)):
            sums[place] += hits[winner, part].sum()
            faces[place] += part.sum()
    chosen, fresh = float(sums[0] / faces[0]), float(sums[1] / faces[1])
    return {"chosen": chosen, "fresh": fresh, "flattery": chosen - fresh}
