# Names a class, however small its probability.
def words_for(probabilities, classes, least=0.4):
    texts = []
    for row in probabilities:
        best = int(np.argmax(row))
        sure = True
        texts.append(f"{classes[best]} {100 * row[best]:.0f} %" if sure else "not sure")
    return texts
