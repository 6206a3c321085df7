"""``FaceSet``: faces, their labels, and where both came from."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from fercourse.emotions import SPLITS, ClassScheme, class_scheme


@dataclass(frozen=True)
class FaceSet:
    """Labelled faces in one class scheme.

    Attributes:
        images: uint8 (n, 48, 48), gray levels 0 (black) to 255 (white). May be memory-mapped.
        labels: uint8 (n,), indices into ``classes``.
        usage: uint8 (n,), indices into ``emotions.SPLITS`` (Training, PublicTest, PrivateTest);
            ``splits`` has their names.
        source: where the faces came from, in words for a figure's caption.
        kind: ``"fer2013"`` (real) or ``"drawn"``.
        scheme: which classes there are and what became of Disgust.
        rows: int64 (n,), position of each face in the whole published order of its source.
        validation: bool (n,), True for faces of Training in the protocol's validation part
            (see ``validation_split``); None where it was not worked out.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    usage: npt.NDArray[np.uint8]
    source: str
    kind: str
    rows: npt.NDArray[np.int64]
    scheme: ClassScheme = field(default_factory=class_scheme)
    validation: npt.NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        n = len(self.images)
        if self.images.shape != (n, 48, 48) or self.images.dtype != np.uint8:
            raise ValueError(
                f"images must be uint8 (n, 48, 48), not {self.images.dtype} {self.images.shape}."
            )
        for name in ("labels", "usage"):
            if (kind := getattr(self, name).dtype) != np.uint8:
                raise ValueError(f"{name} must be uint8, not {kind}.")
        for name in ("labels", "usage", "rows", "validation"):
            values = getattr(self, name)
            if values is not None and values.shape != (n,):
                raise ValueError(f"{name} must hold one value for each of the {n} images.")
        if n and int(self.labels.max()) >= len(self.classes):
            raise ValueError(f"labels must lie below {len(self.classes)} in {self.scheme.title}.")
        if n and int(self.usage.max()) >= len(SPLITS):
            raise ValueError(f"usage must lie below {len(SPLITS)}.")

    def __len__(self) -> int:
        return len(self.images)

    def __repr__(self) -> str:
        """Say what these faces are; a notebook would print 66 million gray levels otherwise."""
        return f"<{len(self):,} {'face' if len(self) == 1 else 'faces'}: {self.title}>"

    @property
    def splits(self) -> npt.NDArray[np.str_]:
        """Each face's split by name, str (n,): ``faces.splits == "Training"`` is a mask."""
        return np.array(SPLITS)[self.usage]

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in label order."""
        return self.scheme.classes

    @property
    def title(self) -> str:
        """Source and class scheme in one phrase, for captions."""
        return f"{self.source}, {self.scheme.title}"

    def take(self, indices: npt.ArrayLike) -> "FaceSet":
        """Return the faces at these positions (or where a boolean mask is True), in that order."""
        chosen = np.asarray(indices)
        if chosen.dtype == bool:
            chosen = np.flatnonzero(chosen)
        return replace(
            self,
            images=self.images[chosen],
            labels=self.labels[chosen],
            usage=self.usage[chosen],
            rows=self.rows[chosen],
            validation=None if self.validation is None else self.validation[chosen],
        )
