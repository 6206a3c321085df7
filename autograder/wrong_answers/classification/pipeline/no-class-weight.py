# Forgets the class weights.
def build_pipeline(components, C):
    from sklearn.decomposition import PCA
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler
    from sklearn.svm import SVC

    return make_pipeline(FunctionTransformer(hog), StandardScaler(),
                         PCA(components, random_state=0), SVC(C=C))
