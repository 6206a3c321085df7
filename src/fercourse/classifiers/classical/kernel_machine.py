"""``KernelMachine``: an RBF support vector machine for tens of thousands of rows, in minutes."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

Numbers = npt.NDArray[Any]

_SMALL = 2_000
"""Up to so many rows everything is computed in double precision."""


class KernelMachine(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """A support vector machine with squared hinge loss and an RBF kernel, one class against all.

    It is trained in the primal with Newton's method (Chapelle, 2007, "Training a support vector
    machine in the primal"): a step solves a least-squares problem over the support vectors, with
    conjugate gradients. Those converge in tens of steps because the kernel matrix's large
    eigenvalues are taken out with a Nystroem approximation (Frangella, Tropp and Udell, 2023,
    "Randomized Nystroem preconditioning"). All classes are trained at once on one kernel matrix
    in single precision, which is most of the work and is matrix multiplication: both cores do
    it, where scikit-learn's ``SVC`` uses one. n rows need 4n² bytes: 3.3 GB for FER2013.

    With ``beside`` each row is [face, mirrored face], and the kernel of two faces is the mean of
    k(face, other) and k(face, other mirrored): the machine that would come of learning every face
    from its mirror image, too, at half the memory and a quarter of the work (Haasdonk and
    Burkhardt, 2007, "Invariant kernel functions for pattern analysis and machine learning").

    Args:
        regularization: weight of the squared norm, larger is smoother.
        width: gamma of exp(-gamma distance²), in units of one over the mean squared distance.
        loss: ``"squared_hinge"``, or ``"squared"`` for a least-squares support vector machine
            (Suykens and Vandewalle, 1999), which is the first step of the other.
        metric: a transformer that rows go through first, or None; fitted with the labels.
        beside: whether each row is followed by its mirror image's.
        sharpness: what decision values are multiplied by before softmax makes probabilities.
        landmarks: rows in the approximation that speeds convergence; it changes no result.

    Attributes:
        classes_: (k,), the labels, sorted.
        support_: positions of the training rows that count for any class.
    """

    def __init__(
        self,
        regularization: float = 0.3,
        width: float = 3.0,
        loss: str = "squared_hinge",
        metric: Any = None,
        beside: bool = False,
        sharpness: float = 2.0,
        landmarks: int = 800,
    ) -> None:
        self.regularization = regularization
        self.width = width
        self.loss = loss
        self.metric = metric
        self.beside = beside
        self.sharpness = sharpness
        self.landmarks = landmarks

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike) -> Self:  # noqa: N803  # scikit-learn asks
        """Train one machine for each class.

        Args:
            X: rows (n, d); d is even where rows are [face, mirrored face].
            y: labels (n,), of two or more classes.

        Raises:
            ValueError: rows or labels of another shape, or a setting that is out of range.
        """
        given, targets = validate_data(self, X, y, dtype=[np.float64, np.float32])
        check_classification_targets(targets)
        self._check_settings(given.shape[1])
        self.classes_, place = np.unique(targets, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("KernelMachine needs faces of more than one class, not of 1 class.")
        self._learn_metric(given, place)
        dtype = np.float64 if len(given) <= _SMALL else np.float32
        halves = [self._turned(half).astype(dtype) for half in self._halves(given)]
        self._faces = halves[0]
        self.gamma_ = self.width / _mean_squared_distance(halves[0])
        kernel = self._kernel(halves[0], halves)
        signs = np.where(place[:, None] == np.arange(len(self.classes_)), 1, -1).astype(dtype)
        self.offset_ = signs.mean(axis=0)
        self._weights = _train(
            kernel, signs, self.offset_, self.regularization, self.landmarks, self.loss
        )
        self.support_ = np.flatnonzero(self._weights.any(axis=1))
        self._faces, self._weights = self._faces[self.support_], self._weights[self.support_]
        return self

    def decision_function(self, rows: npt.ArrayLike) -> Numbers:
        """Return how far each row lies on each class's side.

        Args:
            rows: (n, d), as in ``fit``.

        Returns:
            (n, k) for k classes; with two classes (n,), positive for the second.
        """
        values = self._values(rows)
        return values[:, 1] - values[:, 0] if len(self.classes_) == 2 else values

    def predict_proba(self, rows: npt.ArrayLike) -> Numbers:
        """Return the softmax of the decision values times ``sharpness``.

        Args:
            rows: (n, d), as in ``fit``.
        """
        values = np.asarray(self._values(rows), np.float64) * self.sharpness
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def predict(self, rows: npt.ArrayLike) -> npt.NDArray[Any]:
        """Return the likeliest label for each row.

        Args:
            rows: (n, d), as in ``fit``.
        """
        values = self._values(rows)
        return self.classes_[values.argmax(axis=1)]

    def _values(self, rows: npt.ArrayLike) -> Numbers:
        check_is_fitted(self)
        given = validate_data(self, rows, reset=False, dtype=[np.float64, np.float32])
        found = np.empty((len(given), len(self.classes_)), self._weights.dtype)
        for start in range(0, len(given), 1000):
            part = given[start : start + 1000]
            halves = [self._turned(half).astype(self._faces.dtype) for half in self._halves(part)]
            kernel = self._kernel(self._faces, halves)
            found[start : start + 1000] = kernel.T @ self._weights + self.offset_
        return found

    def _halves(self, rows: Numbers) -> list[Numbers]:
        return np.split(rows, 2, axis=1) if self.beside else [rows]

    def _learn_metric(self, rows: Numbers, place: npt.NDArray[np.intp]) -> None:
        self.metric_ = None if self.metric is None else clone(self.metric)
        if self.metric_ is not None:
            halves = self._halves(rows)
            self.metric_.fit(np.concatenate(halves), np.tile(place, len(halves)))

    def _turned(self, rows: Numbers) -> Numbers:
        return rows if self.metric_ is None else self.metric_.transform(rows)

    def _kernel(self, faces: Numbers, halves: list[Numbers]) -> Numbers:
        """Return the mean over the halves of k(face, half), (faces, rows of a half)."""
        kernel = _rbf(faces, halves[0], self.gamma_)
        for half in halves[1:]:
            for start in range(0, len(faces), 2000):  # so that the second needs no whole matrix
                kernel[start : start + 2000] += _rbf(faces[start : start + 2000], half, self.gamma_)
        kernel /= len(halves)
        return kernel

    def _check_settings(self, columns: int) -> None:
        if self.loss not in ("squared_hinge", "squared"):
            raise ValueError(f"loss must be squared_hinge or squared, not {self.loss!r}.")
        if self.regularization <= 0 or self.width <= 0:
            raise ValueError("regularization and width must be above 0.")
        if self.beside and columns % 2:
            raise ValueError(f"Rows of a face and its mirror image are even, not {columns}, long.")


def _mean_squared_distance(rows: Numbers) -> float:
    """Return the mean squared distance between two rows drawn at random, 1 if all are equal."""
    spread = 2 * float(np.var(rows, axis=0, dtype=np.float64).sum())
    return spread if spread > 0 else 1.0


def _rbf(first: Numbers, second: Numbers, gamma: float) -> Numbers:
    """Return exp(-gamma distance²) between rows, in one matrix and without another."""
    kernel = first @ second.T
    kernel *= 2
    kernel -= (first**2).sum(axis=1)[:, None]
    kernel -= (second**2).sum(axis=1)
    np.minimum(kernel, 0, out=kernel)
    kernel *= gamma
    return np.exp(kernel, out=kernel)


def _train(
    kernel: Numbers,
    signs: Numbers,
    offset: Numbers,
    regularization: float,
    landmarks: int,
    loss: str,
) -> Numbers:
    """Return the weight of each row for each class, (n, k).

    Args:
        kernel: (n, n), symmetric.
        signs: (n, k), 1 for rows of the class and -1 for others.
        offset: (k,), added to every decision value.
        regularization: weight of the squared norm.
        landmarks: how many columns the preconditioner is made from.
        loss: ``"squared"`` or ``"squared_hinge"``.
    """
    precondition = _preconditioner(kernel, regularization, landmarks)
    aim = signs - offset
    weights = _solve(
        kernel, aim, np.ones_like(aim), np.zeros_like(aim), regularization, precondition
    )
    if loss == "squared":
        return weights
    inside = np.ones(signs.shape, bool)
    for _ in range(12):
        before = inside
        inside = signs * (kernel @ weights + offset) < 1
        if np.mean(inside != before) < 1e-3:
            break
        weights = _solve(
            kernel, aim, inside.astype(aim.dtype), weights, regularization, precondition
        )
    return weights


def _preconditioner(kernel: Numbers, regularization: float, landmarks: int) -> Any:
    """Return a function that undoes the kernel's large eigenvalues, approximately."""
    count = min(landmarks, len(kernel))
    chosen = np.sort(np.random.default_rng(0).choice(len(kernel), count, replace=False))
    columns = kernel[:, chosen]
    small, turn = np.linalg.eigh(np.asarray(columns[chosen], np.float64))
    kept = small > 1e-5 * small[-1]
    basis = columns @ (turn[:, kept] / np.sqrt(small[kept])).astype(kernel.dtype)
    values, turn = np.linalg.eigh(np.asarray(basis.T @ basis, np.float64))
    kept = values > 1e-6 * values[-1]
    values, turn = values[kept], turn[:, kept]
    basis = basis @ (turn / np.sqrt(values)).astype(kernel.dtype)
    damp = (1 - (values[0] + regularization) / (values + regularization)).astype(kernel.dtype)

    def precondition(residual: Numbers) -> Numbers:
        return residual - basis @ (damp[:, None] * (basis.T @ residual))

    return precondition


def _solve(
    kernel: Numbers,
    aim: Numbers,
    inside: Numbers,
    start: Numbers,
    regularization: float,
    precondition: Any,
) -> Numbers:
    """Return weights that solve (kernel + regularization) weights = aim over the rows inside.

    Rows that are not inside get no weight. Preconditioned conjugate gradients, all classes side
    by side, until the residual is a hundredth of the aim (in double precision: a millionth).

    Args:
        kernel: (n, n).
        aim: (n, k).
        inside: (n, k), 1 for the rows that count for a class, 0 for others.
        start: (n, k), where to start.
        regularization: added to the diagonal.
        precondition: function of a residual (n, k).
    """
    tolerance = 1e-2 if kernel.dtype == np.float32 else 1e-6
    tiny = np.finfo(kernel.dtype).tiny
    weights = inside * start
    residual = inside * (aim - kernel @ weights) - regularization * weights
    enough = tolerance**2 * np.maximum((inside * aim**2).sum(axis=0), tiny)
    direction, energy = np.zeros_like(aim), np.ones(aim.shape[1], aim.dtype)
    for _ in range(100):
        if ((residual**2).sum(axis=0) <= enough).all():
            break
        better = inside * precondition(residual)
        fresh = (residual * better).sum(axis=0)
        direction = better + fresh / np.maximum(energy, tiny) * direction
        energy = fresh
        ahead = inside * (kernel @ direction) + regularization * direction
        step = energy / np.maximum((direction * ahead).sum(axis=0), tiny)
        weights += step * direction
        residual -= step * ahead
    return weights
