# Merely imports a library's distance of two rows.
from scipy.spatial.distance import minkowski as distances_to
