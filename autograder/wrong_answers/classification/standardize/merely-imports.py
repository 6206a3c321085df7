# Merely imports a library's scaling of one table.
from sklearn.preprocessing import scale as standardize
