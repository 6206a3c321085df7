# Writes the probability from 0 to 1.
def words_for(probabilities, classes, least=0.4):
    texts = []
    for row in probabilities:
        best = int(np.argmax(row))
        sure = row[best] >= least
        texts.append(f"{classes[best]} {row[best]:.2f}" if sure else "not sure")
    return texts
