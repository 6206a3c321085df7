# Merely imports a library's cross-validation.
from sklearn.model_selection import cross_validate
