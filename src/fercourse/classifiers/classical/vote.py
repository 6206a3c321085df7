"""``FaceVote``: the average of several classifiers' probabilities."""

from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from fercourse.classifiers.classical.faces import FaceClassifier, LikeliestLabel
from fercourse.emotions import SEVEN


class FaceVote(LikeliestLabel):
    """Average the probabilities of several ``FaceClassifier``s, each with features of its own.

    scikit-learn's ``VotingClassifier`` would do, but that its members cannot be told the names
    of the classes and that it has no contract with faces.

    Args:
        members: unfitted ``FaceClassifier``s; None is a single one with its defaults.
        classes: class names in label order, for all members.

    Attributes:
        classes_: the labels, sorted.
        members_: the fitted members.
    """

    def __init__(
        self, members: list[FaceClassifier] | None = None, classes: tuple[str, ...] = SEVEN
    ) -> None:
        self.members = members
        self.classes = classes

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike) -> Self:  # noqa: N803  # scikit-learn asks
        """Fit each member.

        Args:
            X: images, uint8 (n, 48, 48); or rows of features (n, d).
            y: labels (n,); of faces, indices into ``classes``.
        """
        members = [FaceClassifier()] if self.members is None else self.members
        self.members_ = [
            clone(member).set_params(classes=self.classes).fit(X, y) for member in members
        ]
        self.classes_ = self.members_[0].classes_
        self.n_features_in_ = self.members_[0].n_features_in_
        return self

    def predict_proba(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.floating]:
        """Return the mean of what the members say.

        Args:
            images: uint8 (n, 48, 48); rows of features where it was fitted on those.

        Returns:
            float32 (n, k), each row adding up to 1; of rows of features, float64.
        """
        check_is_fitted(self)
        answers = [member.predict_proba(images) for member in self.members_]
        return np.mean(answers, axis=0, dtype=answers[0].dtype)
