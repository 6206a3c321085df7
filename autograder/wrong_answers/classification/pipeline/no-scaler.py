# Leaves the scaler out.
def build_pipeline(components, C):
    from sklearn.decomposition import PCA
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer
    from sklearn.svm import SVC

    return make_pipeline(FunctionTransformer(hog), PCA(components, random_state=0),
                         SVC(C=C, class_weight="balanced"))
