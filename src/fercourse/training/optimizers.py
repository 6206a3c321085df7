"""How weights follow their gradients: the rules that recipes name, in pure Keras 3."""

from typing import Any

import keras
from keras import ops

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_STEPS = 5
_KEPT_FROM_DECAY = ["gamma", "beta", "bias"]


class ConvolutionMuon(keras.optimizers.Optimizer):  # type: ignore[misc]
    """Muon for kernels of convolutions, and AdamW for everything else.

    Muon makes each step of a kernel, seen as a matrix with one column for each filter, nearly
    orthogonal: all directions in which the filters could improve are followed equally far, not
    only the few that the gradient is longest in. Keller Jordan et al., 2024, "Muon: An
    optimizer for hidden layers in neural networks", https://kellerjordan.github.io/posts/muon/.
    The length of a step is scaled as in Liu et al., 2025, arXiv:2502.16982, section 2.2, so that
    one learning rate fits kernels of all shapes. ``keras.optimizers.Muon`` leaves kernels with
    more than two axes to AdamW, which is why it is not used here.

    Args:
        learning_rate: a number or a schedule, of Muon's steps.
        momentum: how much of the last step goes into the next.
        adam_share: AdamW's learning rate as a share of Muon's.
        beta_1: how slowly AdamW's mean of the gradients changes.
        beta_2: how slowly AdamW's mean of their squares changes.
        epsilon: keeps AdamW from dividing by zero.
        **settings: ``weight_decay`` and what else ``keras.optimizers.Optimizer`` takes.
    """

    def __init__(
        self,
        learning_rate: Any = 0.03,
        momentum: float = 0.9,
        adam_share: float = 0.3,
        beta_1: float = 0.9,
        beta_2: float = 0.95,
        epsilon: float = 1e-7,
        **settings: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **settings)
        self.momentum = momentum
        self.adam_share = adam_share
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def build(self, variables: list[Any]) -> None:
        """Make room for what is remembered of each variable's gradients."""
        if self.built:
            return
        super().build(variables)
        self._means = [self.add_variable_from_reference(v, "mean") for v in variables]
        self._orthogonal = [_is_kernel(v) for v in variables]
        self._squares = [
            None if kernel else self.add_variable_from_reference(v, "square")
            for kernel, v in zip(self._orthogonal, variables, strict=True)
        ]

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        place = self._get_variable_index(variable)
        gradient = ops.cast(gradient, variable.dtype)
        rate = ops.cast(learning_rate, variable.dtype)
        if self._orthogonal[place]:
            step = self._muon_step(gradient, self._means[place])
        else:
            step = self._adam_step(gradient, self._means[place], self._squares[place])
        self.assign_sub(variable, rate * step)

    def _muon_step(self, gradient: Any, mean: Any) -> Any:
        self.assign(mean, ops.add(gradient, mean * self.momentum))
        ahead = gradient + self.momentum * mean
        matrix = ops.reshape(ahead, (-1, ahead.shape[-1]))
        scale = 0.2 * max(matrix.shape) ** 0.5
        return scale * ops.reshape(orthogonalized(matrix), ahead.shape)

    def _adam_step(self, gradient: Any, mean: Any, square: Any) -> Any:
        count = ops.cast(self.iterations + 1, gradient.dtype)
        self.assign(mean, mean * self.beta_1 + gradient * (1 - self.beta_1))
        self.assign(square, square * self.beta_2 + ops.square(gradient) * (1 - self.beta_2))
        corrected = ops.sqrt(1 - self.beta_2**count) / (1 - self.beta_1**count)
        return self.adam_share * corrected * mean / (ops.sqrt(square) + self.epsilon)

    def get_config(self) -> dict[str, Any]:
        """Return what makes an optimizer of the same settings."""
        own = ("momentum", "adam_share", "beta_1", "beta_2", "epsilon")
        return super().get_config() | {name: getattr(self, name) for name in own}


def orthogonalized(matrix: Any) -> Any:
    """Return a matrix with the same singular vectors and singular values near 1.

    Five steps of a Newton-Schulz iteration with Muon's coefficients, which bring singular values
    to between about 0.7 and 1.2. Each step multiplies the matrix by a polynomial in its smaller
    Gram matrix. Here the polynomials are multiplied with each other first, so that the
    matrix itself, which is much longer than wide, is multiplied twice instead of ten times.

    Args:
        matrix: float (m, n).
    """
    wide = matrix.shape[0] < matrix.shape[1]
    tall = ops.transpose(matrix) if wide else matrix
    tall = tall / (ops.norm(tall) + 1e-7)
    gram = ops.matmul(ops.transpose(tall), tall)
    identity = ops.eye(tall.shape[1], dtype=tall.dtype)
    a, b, c = _COEFFICIENTS
    product = identity
    for _ in range(_STEPS):
        polynomial = a * identity + b * gram + c * ops.matmul(gram, gram)
        product = ops.matmul(product, polynomial)
        gram = ops.matmul(ops.matmul(polynomial, gram), polynomial)
    result = ops.matmul(tall, product)
    return ops.transpose(result) if wide else result


class Triangle(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """A learning rate that rises in a straight line and then falls in one to 0.

    Args:
        peak: the highest rate.
        steps: how many there are.
        warm_up: share of the steps in which it rises.
    """

    def __init__(self, peak: float, steps: int, warm_up: float) -> None:
        self.peak = peak
        self.steps = steps
        self.warm_up = warm_up

    def __call__(self, step: Any) -> Any:
        """Return the rate at a step, counted from 0."""
        done = (ops.cast(step, "float32") + 1) / (self.steps + 1)
        rising = done / max(self.warm_up, 1e-6)
        falling = (1 - done) / max(1 - self.warm_up, 1e-6)
        return self.peak * ops.maximum(ops.minimum(rising, falling), 0.0)

    def get_config(self) -> dict[str, Any]:
        """Return what makes a schedule of the same settings."""
        return {"peak": self.peak, "steps": self.steps, "warm_up": self.warm_up}


def optimizer(rule: str, schedule: Any, *, weight_decay: float, average: float) -> Any:
    """Return the optimizer of a recipe.

    Args:
        rule: ``"muon"``, ``"sgd"`` (with Nesterov's momentum) or ``"adamw"``.
        schedule: the learning rate.
        weight_decay: share of each kernel that a learning rate of 1 would take away each step.
        average: how slowly the average of the weights follows them; 0 keeps none.
    """
    settings: dict[str, Any] = {"weight_decay": weight_decay}
    if average:
        settings |= {"use_ema": True, "ema_momentum": average}
    if rule == "muon":
        made = ConvolutionMuon(schedule, **settings)
    elif rule == "sgd":
        made = keras.optimizers.SGD(schedule, momentum=0.9, nesterov=True, **settings)
    else:
        made = keras.optimizers.AdamW(schedule, **settings)
    made.exclude_from_weight_decay(var_names=_KEPT_FROM_DECAY)
    return made


def _is_kernel(variable: Any) -> bool:
    """Say whether a variable is the kernel of a convolution that sees several channels."""
    return len(variable.shape) == 4 and variable.shape[2] > 1 and "depthwise" not in variable.path
