# Exchanges the macro and the weighted average.
def averages(counts):
    hits, true_faces, answers = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    f1 = 2 * hits / np.maximum(true_faces + answers, 1)
    return {
        "accuracy": hits.sum() / counts.sum(),
        "macro F1": np.sum(f1 * true_faces) / counts.sum(),
        "weighted F1": f1.mean(),
    }
