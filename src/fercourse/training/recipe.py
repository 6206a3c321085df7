"""What a training is made of, as data: everything that decides what comes out but the faces."""

import json
from dataclasses import asdict, dataclass, field
from typing import Literal

from fercourse.training.augmentation import Augmentation


@dataclass(frozen=True)
class Recipe:
    """How a network learns.

    Attributes:
        name: what `course.py train` calls it.
        architecture: the network, one of ``architecture_names()``.
        epochs: how often it sees each face.
        batch_size: faces before each change of its weights.
        optimizer: the rule of ``fercourse.training.optimizers.optimizer``.
        learning_rate: the highest; it rises to it and falls to 0 in straight lines.
        warm_up: share of the steps in which it rises.
        weight_decay: share of each kernel that a learning rate of 1 would take away each step.
        label_smoothing: share of each target that goes to all classes alike (Szegedy et al.,
            2016, arXiv:1512.00567, section 7).
        augmentation: how faces are changed at random.
        sizes: height and width of the faces in the course of the training: pairs of a size and
            the share of the epochs that have it, the last one 48 (Jordan, 2024,
            arXiv:2404.00498, and before it Howard's DAWNBench entry, 2018).
        average: how slowly the average of the weights follows them, which is kept instead of the
            last ones; 0 keeps the last ones (Polyak and Juditsky, 1992).
        teacher: the recipe of networks that are trained first and whose answers on the training
            faces, averaged, become part of the targets (Hinton et al., 2015, arXiv:1503.02531);
            None learns from the labels alone.
        teachers: how many there are, each from another seed.
        teacher_share: share of the targets that is theirs.
        faces: ``"any"`` learns from the faces in use, ``"drawn"`` always from drawn ones.
    """

    name: str
    architecture: str
    epochs: int
    batch_size: int = 256
    optimizer: Literal["muon", "sgd", "adamw"] = "muon"
    learning_rate: float = 0.06
    warm_up: float = 0.2
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    augmentation: Augmentation = field(default_factory=Augmentation)
    sizes: tuple[tuple[int, float], ...] = ((48, 1.0),)
    average: float = 0.0
    teacher: str | None = None
    teachers: int = 0
    teacher_share: float = 0.0
    faces: Literal["any", "drawn"] = "any"

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 1:
            raise ValueError("epochs and batch_size are 1 or more.")
        if self.sizes[-1][0] != 48 or abs(sum(share for _, share in self.sizes) - 1) > 1e-6:
            raise ValueError("the sizes end with 48, and their shares add up to 1.")
        if bool(self.teacher) != bool(self.teachers) or bool(self.teacher) != bool(
            self.teacher_share
        ):
            raise ValueError("teacher, teachers and teacher_share go together.")

    def size_in(self, epoch: int) -> int:
        """Return the height and width of faces in an epoch, counted from 0."""
        done, until = (epoch + 0.5) / self.epochs, 0.0
        for size, share in self.sizes:
            until += share
            if done < until:
                return size
        return 48

    def as_text(self) -> str:
        """Return the recipe as JSON: equal for equal recipes, and readable."""
        return json.dumps(asdict(self), sort_keys=True)
