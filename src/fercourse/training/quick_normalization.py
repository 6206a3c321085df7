"""Batch normalization in one operation while learning, where TensorFlow has one."""

from typing import Any

import keras


class QuickNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]
    """``keras.layers.BatchNormalization`` by TensorFlow's fused operation while it learns.

    Keras calculates mean, variance and result one after the other in float32, reading all numbers
    each time; on a processor that takes longer than the convolutions between. The fused
    operation also takes bfloat16 in and out and calculates in float32 inside. With another
    backend, and when predicting, this is Keras's own layer.

    The moving variance is that of a population worked out from the batch, n / (n - 1) times the
    batch's own, as in Ioffe and Szegedy, 2015, arXiv:1502.03167, algorithm 2; Keras keeps the
    batch's own.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Return the normalized numbers, and let the moving mean and variance follow."""
        if not (training and self.trainable) or keras.backend.backend() != "tensorflow":
            return super().call(inputs, training=training, mask=mask)
        import tensorflow as tf

        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=self.gamma.value,
            offset=self.beta.value,
            mean=[],
            variance=[],
            epsilon=self.epsilon,
            is_training=True,
        )
        for moving, now in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + now * (1 - self.momentum))
        return outputs


def quick_copy(model: Any) -> Any:
    """Return a model to train in a model's place, with the same weights under the same names.

    Args:
        model: a Keras model. Its own normalizations of the last axis become quick ones.

    Returns:
        A copy, or the model itself where nothing would be quicker. When it has learned,
        ``model.set_weights(copy.get_weights())`` brings home what it learned.
    """
    if keras.backend.backend() != "tensorflow" or not any(map(_can_be_quick, model.layers)):
        return model
    copy = keras.models.clone_model(model, clone_function=_quick)
    copy.set_weights(model.get_weights())
    return copy


def _can_be_quick(layer: Any) -> bool:
    """Say whether a layer is Keras's own normalization, of pictures, with all its numbers."""
    return (
        type(layer) is keras.layers.BatchNormalization
        and len(layer.input.shape) == 4
        and layer.axis in (-1, 3)
        and layer.center
        and layer.scale
        and not layer.renorm
        and not layer.synchronized
    )


def _quick(layer: Any) -> Any:
    kind = QuickNormalization if _can_be_quick(layer) else type(layer)
    return kind.from_config(layer.get_config())
