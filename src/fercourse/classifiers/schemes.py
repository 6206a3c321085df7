"""A classifier of seven classes asked about six."""

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.contract import Classifier
from fercourse.emotions import ClassScheme
from fercourse.errors import CourseError


class Regrouped:
    """Answers in six classes, worked out of another classifier's answers in seven.

    Where Disgust is counted as Angry, its probability is added to Angry's: the answer to "one of
    the two". Where Disgust is left out, the other six are divided by their sum: the answer to
    "given that it is not Disgust". That is what the network knows; one that was trained on the
    six classes may know better.

    Attributes:
        inner: who answers in seven classes.
        scheme: which of the two schemes with six classes.
    """

    def __init__(self, inner: Classifier, scheme: ClassScheme) -> None:
        self.inner = inner
        self.scheme = scheme

    @property
    def classes(self) -> tuple[str, ...]:
        """The six classes in label order."""
        return self.scheme.classes

    def predict_proba(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return how likely each of the six classes is, float32 (n, 6), each row adding up to 1."""
        seven = self.inner.predict_proba(images)
        six = np.zeros((len(seven), len(self.classes)), np.float32)
        for before, after in enumerate(self.scheme.from_seven):
            if after is not None:
                six[:, after] += seven[:, before]
        left = six.sum(axis=1, keepdims=True)
        # Nothing is left where a classifier was certain of Disgust: it knows nothing of the rest.
        return np.where(left > 0, six / np.maximum(left, 1e-30), np.float32(1 / len(self.classes)))


def in_scheme(classifier: Classifier, scheme: ClassScheme | None, name: str) -> Classifier:
    """Return a classifier as one of a scheme.

    Args:
        classifier: who answers.
        scheme: the classes wanted; None takes the classifier's own.
        name: what to call the classifier in an error.

    Raises:
        CourseError: the classifier cannot tell the classes apart.
    """
    if scheme is None or scheme.classes == classifier.classes:
        return classifier
    if len(classifier.classes) == 7:
        return Regrouped(classifier, scheme)
    raise CourseError(
        f"{name} knows only the classes {', '.join(classifier.classes)}, so it "
        f"cannot answer in {scheme.title}. Ask it for six classes, or take a model of seven."
    )
