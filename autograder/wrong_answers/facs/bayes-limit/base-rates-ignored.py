# Answers with the feeling that shows the face most often, however rare it is.
def bayes_limit(prior, shown):
    joint = np.asarray(prior, float)[:, None] * np.asarray(shown, float)
    best = np.asarray(shown).argmax(axis=0)
    return {"accuracy": float(joint[best, np.arange(len(best))].sum()), "answers": best.tolist()}
