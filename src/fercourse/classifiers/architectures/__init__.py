"""The course's networks by name: ``build("lean")`` gives a Keras model to train.

Asking for a network's plan, its parameters or its cost waits for no library.
"""

from typing import Any

from fercourse.classifiers.architectures.named import PLANS
from fercourse.classifiers.architectures.plan import Plan
from fercourse.errors import CourseError, did_you_mean

__all__ = ["architecture_names", "build", "plan_of"]


def architecture_names() -> tuple[str, ...]:
    """Return the networks' names, in the order in which the course shows them."""
    return tuple(PLANS)


def plan_of(name: str, classes: int = 7) -> Plan:
    """Return a network's layers as data.

    Args:
        name: one of ``architecture_names()``.
        classes: how many classes it tells apart, 6 or 7.

    Raises:
        CourseError: there is no network of that name.
        ValueError: another number of classes.
    """
    if classes not in (6, 7):
        raise ValueError(f"classes must be 7 or 6, not {classes!r}.")
    if name not in PLANS:
        raise CourseError(
            f"There is no network architecture {name!r}.{did_you_mean(name, PLANS)} "
            f"The architectures are: {', '.join(PLANS)}."
        )
    return PLANS[name](classes)


def build(name: str, classes: int = 7, any_size: bool = False) -> Any:
    """Return a new network, its weights random.

    Args:
        name: one of ``architecture_names()``.
        classes: how many classes it tells apart, 6 or 7.
        any_size: take faces of any height and width, for training on smaller ones first; its
            weights are the same. Only for networks with a global pooling.

    Returns:
        ``keras.Model`` from gray levels 0 to 255, (n, 48, 48, 1), to scores (logits), float32
        (n, classes); softmax makes probabilities of them. Under a mixed precision policy the
        input and the scores stay float32.

    Raises:
        CourseError: there is no network of that name.
        ValueError: another number of classes, or no other size than 48 by 48 is possible.
    """
    plan = plan_of(name, classes)
    from fercourse.classifiers.architectures.building import keras_model

    return keras_model(plan, name, any_size)
