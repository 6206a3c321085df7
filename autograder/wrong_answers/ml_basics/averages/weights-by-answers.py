# Weights each class by its answers instead of its true faces.
def averages(counts):
    hits, true_faces, answers = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    f1 = 2 * hits / np.maximum(true_faces + answers, 1)
    return {
        "accuracy": hits.sum() / counts.sum(),
        "macro F1": f1.mean(),
        "weighted F1": np.sum(f1 * answers) / counts.sum(),
    }
