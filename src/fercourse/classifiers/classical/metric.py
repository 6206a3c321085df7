"""``WithinClassMetric``: rows turned so that distance counts what tells classes apart."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

Numbers = npt.NDArray[Any]


class WithinClassMetric(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """Project rows to unit vectors whose angles ignore how faces of one class differ.

    The rows go to their principal components. There they are divided by how much each direction
    varies *within* the classes (Hatch, Kajarekar and Stolcke, 2006, "Within-class covariance
    normalization for SVM-based speaker recognition"), stretched along the directions in which
    the classes' means lie apart, which are those of linear discriminant analysis (Fisher, 1936),
    and set to length 1, so that Euclidean distance compares angles.

    Args:
        components: how many principal components are kept; fewer where the rows have fewer.
        shrinkage: how far the variances within classes are evened out, in units of their mean.
        emphasis: by how much the directions between the classes' means are stretched.

    Attributes:
        mean_: (d,), the mean row, which goes to the origin.
        projection_: (d, components), what centered rows are multiplied by.
    """

    def __init__(
        self, components: int = 300, shrinkage: float = 0.3, emphasis: float = 1.5
    ) -> None:
        self.components = components
        self.shrinkage = shrinkage
        self.emphasis = emphasis

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike) -> Self:  # noqa: N803  # scikit-learn asks
        """Measure how rows vary within classes and between them.

        Args:
            X: rows (n, d).
            y: labels (n,).
        """
        given, targets = validate_data(self, X, y, dtype=[np.float32, np.float64])
        check_classification_targets(targets)
        if self.components < 1 or self.shrinkage < 0:
            raise ValueError("components must be at least 1 and shrinkage at least 0.")
        self.mean_ = given.mean(axis=0)
        principal = self._principal(given - self.mean_)
        scores = (given - self.mean_) @ principal
        classes, place = np.unique(targets, return_inverse=True)
        means = np.stack([scores[place == index].mean(axis=0) for index in range(len(classes))])
        whitened = self._whitening(scores - means[place])
        self.projection_ = principal @ whitened @ self._stretch(means @ whitened)
        return self

    def transform(self, rows: npt.ArrayLike) -> Numbers:
        """Return rows as unit vectors.

        Args:
            rows: (n, d).

        Returns:
            (n, components).
        """
        check_is_fitted(self)
        given = validate_data(self, rows, reset=False, dtype=[np.float32, np.float64])
        turned = (given - self.mean_) @ self.projection_
        length = np.sqrt((turned**2).sum(axis=1, keepdims=True))
        return turned / np.maximum(length, np.finfo(turned.dtype).tiny)

    def _principal(self, centered: Numbers) -> Numbers:
        """Return the principal directions, (d, components), those of no variance left out."""
        covariance = np.asarray(centered.T @ centered, np.float64) / len(centered)
        variance, directions = np.linalg.eigh(covariance)
        kept = variance > 1e-10 * max(variance[-1], np.finfo(np.float64).tiny)
        kept[: -self.components] = False
        if not kept.any():
            kept[-1] = True
        return directions[:, kept].astype(centered.dtype)

    def _whitening(self, residuals: Numbers) -> Numbers:
        """Return the symmetric matrix that makes the variances within classes alike."""
        covariance = np.asarray(residuals.T @ residuals, np.float64) / len(residuals)
        variance, directions = np.linalg.eigh(covariance)
        mean = max(float(variance.mean()), float(np.finfo(np.float32).tiny))
        scale = 1 / np.sqrt(np.maximum(variance, 0) + max(self.shrinkage, 1e-6) * mean)
        return (directions * scale @ directions.T).astype(residuals.dtype)

    def _stretch(self, means: Numbers) -> Numbers:
        """Return the matrix that stretches the span of the classes' means by the emphasis."""
        between = np.asarray(means - means.mean(axis=0), np.float64)
        _, size, directions = np.linalg.svd(between, full_matrices=False)
        span = directions[size > 1e-6 * max(size[0], np.finfo(np.float64).tiny)]
        stretched = np.eye(means.shape[1]) + (self.emphasis - 1) * span.T @ span
        return stretched.astype(means.dtype)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
