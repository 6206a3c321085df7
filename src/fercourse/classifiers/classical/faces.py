"""``FaceClassifier``: a scikit-learn estimator that is given faces."""

from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.neighbors import KNeighborsClassifier
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from fercourse.classifiers.contract import require_images
from fercourse.emotions import SEVEN
from fercourse.features import directed_hog, hog, mirrored_directed_hog, pixels

FEATURES = {"pixels": pixels, "hog": hog, "directed_hog": directed_hog}
"""What a face may be described by."""

Mirror = Literal["no", "added", "beside"]


class LikeliestLabel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """What estimators of faces have in common: they name the likeliest of their labels."""

    def predict(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[Any]:
        """Return the likeliest label for each face.

        Args:
            images: uint8 (n, 48, 48); rows of features where it was fitted on those.
        """
        answers = self.predict_proba(images)
        return self.classes_[answers.argmax(axis=1)]


class FaceClassifier(LikeliestLabel):
    """Describe faces by numbers, and let an estimator of scikit-learn classify the rows.

    Fitted on faces, uint8 (n, 48, 48), it is a ``Classifier`` and answers about faces alone.
    Fitted on rows of numbers, it takes them as features already computed and answers about
    rows: so it can be searched over without computing features again, and held to
    scikit-learn's own checks.

    Args:
        estimator: classifies rows; needs ``predict_proba``. None is ``KNeighborsClassifier()``.
        features: what a face is described by, one of ``FEATURES``.
        mirror: what becomes of the faces' mirror images. ``"no"``: nothing. ``"added"``: each
            training face is learned from mirrored, too. ``"beside"``: every row is followed by
            its mirror image's row, in training and in answering, as ``KernelMachine`` wants it.
        classes: class names in label order; the labels of faces count from 0 in it.

    Attributes:
        classes_: the labels, sorted.
        estimator_: the fitted estimator.
        faces_: whether it was fitted on faces.
    """

    def __init__(
        self,
        estimator: Any = None,
        features: str = "pixels",
        mirror: Mirror = "no",
        classes: tuple[str, ...] = SEVEN,
    ) -> None:
        self.estimator = estimator
        self.features = features
        self.mirror = mirror
        self.classes = classes

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike) -> Self:  # noqa: N803  # scikit-learn asks
        """Fit the estimator.

        Args:
            X: images, uint8 (n, 48, 48); or rows of features (n, d).
            y: labels (n,); of faces, indices into ``classes``.

        Raises:
            ValueError: images or labels of another shape or kind, unknown features or mirror.
        """
        images, labels = X, y
        self._check_choices()
        self.faces_ = isinstance(images, np.ndarray) and images.ndim == 3
        if self.faces_:
            rows, targets = self._describe(images), self._require_labels(images, labels)
            self.n_features_in_ = rows.shape[1]
            found = np.unique(targets)
        else:
            rows, targets = validate_data(self, images, labels, dtype=[np.float32, np.float64])
            check_classification_targets(targets)
            found = np.unique(targets)
        self.classes_ = np.arange(len(self.classes)) if self.faces_ else found
        estimator = KNeighborsClassifier() if self.estimator is None else clone(self.estimator)
        if self.mirror == "added" and self.faces_:
            rows = np.concatenate([rows, self._describe_mirrored(images, rows)])
            targets = np.concatenate([targets, targets])
        elif self.mirror == "beside":
            rows = self._beside(images, rows)
        self.estimator_ = estimator.fit(rows, targets)
        return self

    def predict_proba(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.floating]:
        """Return how likely each class is for each face.

        Args:
            images: uint8 (n, 48, 48); rows of features where it was fitted on those.

        Returns:
            float32 (n, k), each row adding up to 1; of rows of features, float64.

        Raises:
            ValueError: the images have another type or shape.
            sklearn.exceptions.NotFittedError: ``fit`` was not called.
        """
        check_is_fitted(self)
        if not self.faces_:
            rows = validate_data(self, images, reset=False, dtype=[np.float32, np.float64])
            return self._answers(images, rows)
        rows = self._describe(images)
        if not len(rows):
            return np.zeros((0, len(self.classes)), np.float32)
        found = self._answers(images, rows)
        answers = np.zeros((len(rows), len(self.classes)), np.float32)
        answers[:, self.estimator_.classes_] = found
        return answers

    def _answers(self, images: Any, rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
        if self.mirror == "beside":
            rows = self._beside(images, rows)
        return self.estimator_.predict_proba(rows)

    def _describe(self, images: Any) -> npt.NDArray[np.float32]:
        return FEATURES[self.features](np.ascontiguousarray(require_images(images)))

    def _describe_mirrored(
        self, images: Any, rows: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        if self.features == "directed_hog":
            return mirrored_directed_hog(rows)
        return self._describe(images[:, :, ::-1])

    def _beside(self, images: Any, rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return each row followed by its mirror image's; a row of features is its own."""
        mirrored = self._describe_mirrored(images, rows) if self.faces_ else rows
        return np.concatenate([rows, mirrored], axis=1)

    def _check_choices(self) -> None:
        if self.features not in FEATURES:
            known = ", ".join(FEATURES)
            raise ValueError(f"features must be one of {known}, not {self.features!r}.")
        if self.mirror not in ("no", "added", "beside"):
            raise ValueError(f"mirror must be no, added or beside, not {self.mirror!r}.")

    def _require_labels(self, images: Any, labels: npt.ArrayLike) -> npt.NDArray[np.intp]:
        given = np.asarray(labels)
        if given.shape != (len(images),) or given.dtype.kind not in "iu":
            raise ValueError(
                f"labels must be one whole number for each of the {len(images)} images, "
                f"not {given.dtype} {given.shape}."
            )
        if not len(given):
            raise ValueError("There are no faces to fit on.")
        if given.min() < 0 or given.max() >= len(self.classes):
            raise ValueError(
                f"labels must lie from 0 to {len(self.classes) - 1}, for {len(self.classes)} "
                f"classes, but {given.max() if given.min() >= 0 else given.min()} is among them."
            )
        return given.astype(np.intp)
