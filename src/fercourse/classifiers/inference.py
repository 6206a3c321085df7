"""Networks made quick: ONNX Runtime on the processor, Keras where that cannot be.

docs/decisions/inference.md has the measurements behind this choice.
"""

import os
import threading
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.architectures.plan import Plan

Numbers = npt.NDArray[np.float32]

_AT_ONCE = 32  # more faces at once are no quicker and take more memory


class Engine(Protocol):
    """What turns faces into scores; may be called from several threads at once."""

    def run(self, faces: npt.NDArray[np.uint8]) -> tuple[Numbers, Numbers]:
        """Return what the network says of faces.

        Args:
            faces: uint8 (n, 48, 48), n from 1.

        Returns:
            The scores before softmax, float32 (n, k), and the embedding, float32 (n, d): what
            the last layer sees.
        """
        ...


class OnnxEngine:
    """A network in ONNX Runtime. Any number of faces a call costs no preparation."""

    def __init__(self, model: bytes) -> None:
        """Prepare a model that ``onnx_graph.onnx_model`` made."""
        from fercourse.classifiers.onnx_graph import EMBEDDING, FACES, SCORES

        onnxruntime = _runtime()
        self._input, self._outputs = FACES, [SCORES, EMBEDDING]
        self._session = onnxruntime.InferenceSession(
            model, session_options(), providers=["CPUExecutionProvider"]
        )

    def run(self, faces: npt.NDArray[np.uint8]) -> tuple[Numbers, Numbers]:
        """Return the scores and the embedding of faces (see ``Engine``)."""
        scores, embedding = self._session.run(self._outputs, {self._input: faces})
        return scores, embedding


def session_options() -> Any:
    """Return how ONNX Runtime is to work: on the processor cores that this process may use."""
    options = _runtime().SessionOptions()
    options.intra_op_num_threads = cores()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that wait for each other by spinning are quicker on an idle machine and several
    # times slower where the camera and the detector of a live program want the cores, too.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _runtime() -> Any:
    """Return ONNX Runtime, which reports nothing to its makers.

    Once it is imported it has begun, so it is told before: in an environment variable.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


def cores() -> int:
    """Return how many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class KerasEngine:
    """A network in Keras itself, for layers that have no place in a plan."""

    def __init__(self, model: Any, ends_in_softmax: bool) -> None:
        """Prepare a Keras model of (n, 48, 48, 1) or (n, 48, 48).

        Args:
            model: the model; its last layer gives scores or probabilities.
            ends_in_softmax: whether it gives probabilities; scores are worked out of them.
        """
        import keras

        self._softmax = ends_in_softmax
        self._channel = len(model.input_shape) == 4
        self._lock = threading.Lock()
        both = keras.Model(model.inputs[0], [model.outputs[0], _seen_last(model)])
        self._call = _compiled(both)

    def run(self, faces: npt.NDArray[np.uint8]) -> tuple[Numbers, Numbers]:
        """Return the scores and the embedding of faces (see ``Engine``)."""
        import keras

        given = faces[..., None] if self._channel else faces
        with self._lock:
            answers = self._call(given.astype(np.float32))
        scores, embedding = (keras.ops.convert_to_numpy(answer) for answer in answers)
        scores = scores.astype(np.float32)
        if self._softmax:
            scores = np.log(np.maximum(scores, np.finfo(np.float32).tiny))
        return scores, embedding.reshape(len(faces), -1).astype(np.float32)


def _seen_last(model: Any) -> Any:
    """Return what the last dense layer of a Keras model sees; what the model gives if unclear."""
    for layer in model.layers[:-3:-1]:
        if type(layer).__name__ == "Dense" and len(layer._inbound_nodes) == 1:
            return layer.input
    return model.outputs[0]


def _compiled(model: Any) -> Any:
    """Return a function of faces that need not be traced again for another number of them."""
    import keras

    if keras.backend.backend() != "tensorflow":
        return lambda faces: model(faces, training=False)
    import tensorflow as tf

    signature = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)]
    return tf.function(lambda faces: model(faces, training=False), input_signature=signature)


def engine_of(plan: Plan, tensors: Mapping[str, npt.NDArray[Any]]) -> Engine:
    """Return the quick engine for a plan and its weights."""
    from fercourse.classifiers.onnx_graph import onnx_model

    return OnnxEngine(onnx_model(plan, tensors))


def run_all(engine: Engine, faces: npt.NDArray[np.uint8]) -> tuple[Numbers, Numbers]:
    """Return the scores and embeddings of any number of faces from 1, some at a time."""
    parts = [
        engine.run(np.ascontiguousarray(faces[start : start + _AT_ONCE]))
        for start in range(0, len(faces), _AT_ONCE)
    ]
    return np.concatenate([s for s, _ in parts]), np.concatenate([e for _, e in parts])


def softmax(scores: Numbers) -> Numbers:
    """Return probabilities of scores, row by row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
