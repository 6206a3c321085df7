# Merely imports make_pipeline.
from sklearn.pipeline import make_pipeline as build_pipeline
