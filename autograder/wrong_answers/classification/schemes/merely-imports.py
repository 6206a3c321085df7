# Merely imports a library's accuracy.
from sklearn.metrics import accuracy_score as accuracy_by_scheme
