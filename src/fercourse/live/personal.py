"""Personal training: a light head on a network's embedding, fitted to one person's face.

The head starts from the network's own answers and learns what to add to them, so that it knows
everything the network knows and needs only a few seconds of one person. Whether it helps is judged
on another take of the same expressions, never on frames beside those that it learned from.
"""

import contextlib
import hashlib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.contract import Classifier
from fercourse.classifiers.inference import softmax
from fercourse.classifiers.network import NetworkClassifier
from fercourse.errors import CourseError
from fercourse.workspace import data_folder, write_atomically

Numbers = npt.NDArray[np.float32]

_FORMAT = "fercourse-profile-1"
_STRENGTH = 0.05
"""How far the head may go from the network: as C of scikit-learn's logistic regression."""

LEAST_GAIN = 0.02
"""Neighboring frames are alike, so a smaller gain on the frames held out is none."""


@dataclass(frozen=True)
class Takes:
    """What was seen of a person who showed expressions when asked.

    Attributes:
        images: uint8 (n, 48, 48).
        labels: uint8 (n,), what was asked for.
        takes: int (n,), in which round: 0, 1, …
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    takes: npt.NDArray[np.int64]

    def of(self, chosen: npt.NDArray[np.bool_]) -> "Takes":
        """Return some of them."""
        return Takes(self.images[chosen], self.labels[chosen], self.takes[chosen])


@dataclass(frozen=True)
class Profile:
    """What a head learned of a person; no picture is in it.

    Attributes:
        person: a name.
        model: what the network is called.
        checksum: of the network's weights; the head fits no other.
        classes: the network's, in label order.
        weights: float32 (d, k), by which the embedding adds to the scores.
        biases: float32 (k,), what is added besides.
        frames: how many frames it learned from, and was judged on.
        before: mean recall of the network alone on the frames it was judged on, 0 to 1.
        after: the same with the head.
    """

    person: str
    model: str
    checksum: str
    classes: tuple[str, ...]
    weights: Numbers
    biases: Numbers
    frames: tuple[int, int]
    before: float
    after: float

    @property
    def helps(self) -> bool:
        """Whether clearly more frames were right with the head than without."""
        return self.after >= self.before + LEAST_GAIN


class PersonalClassifier:
    """A network with a person's head on it; keeps the contract of classifiers.

    Args:
        network: the network that the profile was made with.
        profile: the person's.

    Raises:
        CourseError: the profile was made with another network.
    """

    def __init__(self, network: NetworkClassifier, profile: Profile) -> None:
        if profile.checksum != checksum_of(network):
            raise CourseError(
                f"The profile of {profile.person} was made with the model {profile.model}, and "
                f"fits no other; this one is {network.name}. Choose --model {profile.model}, or "
                f"learn anew: --learn {profile.person}."
            )
        self._network = network
        self._profile = profile

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in label order."""
        return self._network.classes

    def predict_proba(self, images: npt.NDArray[np.uint8]) -> Numbers:
        """Return how likely each class is for each face, as the contract of classifiers says."""
        scores, embedding = self._network.run(images)
        return softmax(scores + embedding @ self._profile.weights + self._profile.biases)


def network_in(classifier: Classifier, name: str = "live") -> NetworkClassifier:
    """Return a classifier that is a network of the course, as profiles need it.

    Args:
        classifier: of any kind.
        name: of the model to recommend.

    Raises:
        CourseError: it is another kind.
    """
    if not isinstance(classifier, NetworkClassifier) or classifier.weights is None:
        raise CourseError(
            f"Profiles need a network of the course, and this model is none. Use --model {name}."
        )
    return classifier


def checksum_of(network: NetworkClassifier) -> str:
    """Return what tells a network's weights from all others."""
    weights = network_in(network).weights
    assert weights is not None, "network_in lets no other pass"
    digest = hashlib.sha256()
    for name, tensor in sorted(weights.tensors.items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor).tobytes())
    return digest.hexdigest()


def learn(network: NetworkClassifier, seen: Takes, person: str) -> Profile:
    """Fit a head to all takes but the last, and judge it by the last.

    Args:
        network: whose answers it begins with.
        seen: two takes or more, each with two expressions or more.
        person: a name, as ``require_name`` wants it.

    Raises:
        CourseError: there is too little to learn from or to judge by.
    """
    last = seen.takes == seen.takes.max(initial=0)
    ours, held_out = seen.of(~last), seen.of(last)
    for part, words in ((ours, "learn from"), (held_out, "judge by")):
        if len(np.unique(part.labels)) < 2:
            raise CourseError(
                f"Too few frames with a face were seen to {words}: at least two expressions in "
                "each round are needed. See to light, and to your face being in the middle."
            )
    weights, biases = _fitted(network, ours)
    profile = Profile(
        person,
        network.name,
        checksum_of(network),
        network.classes,
        weights,
        biases,
        (len(ours.labels), len(held_out.labels)),
        _accuracy(network, held_out),
        0.0,
    )
    return replace(profile, after=_accuracy(PersonalClassifier(network, profile), held_out))


def _fitted(network: NetworkClassifier, seen: Takes) -> tuple[Numbers, Numbers]:
    """Return weights and biases of what is added to the network's scores.

    Multinomial logistic regression with the network's scores as an offset, and a penalty on
    squares that keeps the addition small. scikit-learn's has no offset, so SciPy minimizes.
    """
    from scipy.optimize import minimize

    scores, embedding = (part.astype(np.float64) for part in network.run(seen.images))
    mean, spread = embedding.mean(axis=0), embedding.std(axis=0) + 1e-3
    inputs = (embedding - mean) / spread
    classes = scores.shape[1]
    truth = np.eye(classes)[seen.labels]
    share = _balance(seen.labels, classes)
    shape = (inputs.shape[1] + 1, classes)
    columns = np.hstack([inputs, np.ones((len(inputs), 1))])

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        head = flat.reshape(shape)
        raised = scores + columns @ head
        raised -= raised.max(axis=1, keepdims=True)
        sums = np.log(np.exp(raised).sum(axis=1, keepdims=True))
        chances = np.exp(raised - sums)
        cost = float((share * (truth * (sums - raised)).sum(axis=1)).sum())
        slope = columns.T @ (share[:, None] * (chances - truth))
        return cost + float((head**2).sum()) / (2 * _STRENGTH * len(inputs)), (
            slope + head / (_STRENGTH * len(inputs))
        ).ravel()

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B")
    head = found.x.reshape(shape)
    weights = head[:-1] / spread[:, None]
    biases = head[-1] - mean @ weights
    return weights.astype(np.float32), biases.astype(np.float32)


def _balance(labels: npt.NDArray[np.uint8], classes: int) -> npt.NDArray[np.float64]:
    """Return how much each frame counts: all expressions together alike, adding up to 1."""
    counts = np.bincount(labels, minlength=classes)
    return 1 / (counts[labels] * (counts > 0).sum())


def _accuracy(classifier: Any, seen: Takes) -> float:
    """Return the mean recall: each expression counts alike, however many frames it has."""
    right = classifier.predict_proba(seen.images).argmax(axis=1) == seen.labels
    return float(np.mean([right[seen.labels == label].mean() for label in np.unique(seen.labels)]))


def require_name(person: str) -> str:
    """Return a person's name if it can be a file's.

    Raises:
        CourseError: it has other signs than letters, digits, spaces, - and _, or is too long.
    """
    if not re.fullmatch(r"[\w][\w \-]{0,59}", person):
        raise CourseError(
            f"A profile's name has letters, digits, spaces, - and _ only: {person!r} has others."
        )
    return person


def profile_path(person: str) -> Path:
    """Return where a person's profile is kept.

    Raises:
        CourseError: see ``require_name``.
    """
    return data_folder() / "profiles" / f"{require_name(person)}.json"


def write_profile(profile: Profile) -> Path:
    """Keep a profile as JSON that people can read, and return where.

    Raises:
        CourseError: it cannot be written.
    """
    path = profile_path(profile.person)
    content = {
        "format": _FORMAT,
        "person": profile.person,
        "model": profile.model,
        "checksum": profile.checksum,
        "classes": list(profile.classes),
        "frames": {"learned_from": profile.frames[0], "judged_on": profile.frames[1]},
        "accuracy": {"before": round(profile.before, 4), "after": round(profile.after, 4)},
        "biases": [float(number) for number in profile.biases],
        "weights": [[float(number) for number in row] for row in profile.weights],
    }
    write_atomically(path, (json.dumps(content, indent=1) + "\n").encode())
    return path


def read_profile(person: str) -> Profile:
    """Return a person's profile.

    Raises:
        CourseError: there is none, or it is damaged or something else.
    """
    path = profile_path(person)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(
            f"There is no profile of {person}. Make one: python3 course.py live --learn "
            f"{person!r}. {_known()}"
        ) from None
    except (OSError, ValueError) as error:
        raise _damaged(path, "it is no JSON") from error
    try:
        return _as_profile(said)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path, str(error)) from error


def earlier_help(person: str) -> Profile | None:
    """Return a person's profile if there is one that helps."""
    with contextlib.suppress(CourseError):
        profile = read_profile(person)
        return profile if profile.helps else None
    return None


def _as_profile(said: Any) -> Profile:
    """Return what a file says; raise ValueError, KeyError or TypeError where it is no profile."""
    if not isinstance(said, dict) or said.get("format") != _FORMAT:
        raise ValueError(f"it is no {_FORMAT}")
    weights = np.array(said["weights"], np.float32)
    biases = np.array(said["biases"], np.float32)
    classes = tuple(str(name) for name in said["classes"])
    if weights.ndim != 2 or weights.shape[1:] != biases.shape or biases.shape != (len(classes),):
        raise ValueError("its weights, biases and classes do not fit together")
    if not (np.isfinite(weights).all() and np.isfinite(biases).all()):
        raise ValueError("some of its weights are no numbers")
    frames, accuracy = said["frames"], said["accuracy"]
    return Profile(
        str(said["person"]),
        str(said["model"]),
        str(said["checksum"]),
        classes,
        weights,
        biases,
        (int(frames["learned_from"]), int(frames["judged_on"])),
        float(accuracy["before"]),
        float(accuracy["after"]),
    )


def _known() -> str:
    names = sorted(path.stem for path in (data_folder() / "profiles").glob("*.json"))
    return f"There are profiles of {', '.join(names)}." if names else ""


def _damaged(path: Path, reason: str) -> CourseError:
    return CourseError(f"{path} is no profile that can be used: {reason}. Learn anew with --learn.")
