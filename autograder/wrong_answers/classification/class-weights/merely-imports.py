# Merely imports a library's weights, which leave absent classes out.
def balanced_weights(labels, classes):
    from sklearn.utils.class_weight import compute_class_weight

    return compute_class_weight("balanced", classes=np.unique(labels), y=labels)
