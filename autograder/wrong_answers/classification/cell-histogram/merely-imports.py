# Merely imports the whole face's HOG.
from fercourse.features import hog as orientation_histogram
