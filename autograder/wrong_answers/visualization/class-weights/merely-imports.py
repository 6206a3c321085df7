# calls scikit-learn's function, which knows nothing of an empty class
from sklearn.utils.class_weight import compute_class_weight


def class_weights(labels, classes):
    weights = compute_class_weight("balanced", classes=np.unique(labels), y=labels)
    return dict(zip(classes, weights.tolist()))
