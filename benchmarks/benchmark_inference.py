"""How quickly a few faces are named, by each way there is to run a network on the processor.

    python benchmarks/benchmark_inference.py [NETWORK ...] [--ways WAY ...] [--json FILE]

NETWORK is an architecture (``lean`` and ``vgg4`` where none is given), with random weights, or a
``.safetensors`` file. Each way runs in a process of its own, which gives the seconds for its
imports and for making the network ready, the memory that both add, and milliseconds a call for
1, 4, 8 and 16 faces: the median of many calls, after two that do not count. ``changing`` is a row
of calls with 1, 3, 2, 5, 4, 1, 8 and 2 faces, as a live program makes them: a way that prepares
itself anew for each number of faces is slow there. ``apart`` is how far the probabilities are
from Keras's at most.

A way whose package is not installed is left out. Compare figures of one run only, on a machine
that does nothing else; the load at the start is printed for that.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

SIZES = (1, 4, 8, 16)
CHANGING = (1, 3, 2, 5, 4, 1, 8, 2)

Faces = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float32]
Run = Callable[[Faces], Any]


def _plan_and_tensors(path: Path) -> tuple[Any, Any]:
    from fercourse.classifiers.architectures import plan_of
    from fercourse.classifiers.weights import read_weights

    weights = read_weights(path)
    tensors = {name: t.astype(np.float32) for name, t in weights.tensors.items()}
    return plan_of(weights.architecture, len(weights.classes)), tensors


def _keras_model(path: Path) -> Any:
    from fercourse.classifiers.architectures import build
    from fercourse.classifiers.weights import fill, read_weights

    weights = read_weights(path)
    model = build(weights.architecture, len(weights.classes))
    fill(model, weights)
    return model


def _predict(path: Path) -> Run:
    model = _keras_model(path)
    return lambda faces: model.predict(faces[..., None], verbose=0)


def _call(path: Path) -> Run:
    model = _keras_model(path)
    return lambda faces: model(faces[..., None].astype(np.float32), training=False).numpy()


def _function(path: Path, **settings: Any) -> Run:
    import tensorflow as tf

    model = _keras_model(path)
    signature = None if settings else [tf.TensorSpec((None, 48, 48, 1), tf.float32)]
    function = tf.function(
        lambda faces: model(faces, training=False), input_signature=signature, **settings
    )
    return lambda faces: function(tf.constant(faces[..., None], tf.float32)).numpy()


def _compiled(path: Path) -> Run:
    return _function(path, jit_compile=True)


def _frozen(path: Path) -> Run:
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    model = _keras_model(path)
    signature = [tf.TensorSpec((None, 48, 48, 1), tf.float32)]
    function = tf.function(lambda f: model(f, training=False), input_signature=signature)
    constant = convert_variables_to_constants_v2(function.get_concrete_function())
    return lambda faces: constant(tf.constant(faces[..., None], tf.float32))[0].numpy()


def _litert(path: Path) -> Run:
    import tensorflow as tf

    converted = tf.lite.TFLiteConverter.from_keras_model(_keras_model(path)).convert()
    interpreter = tf.lite.Interpreter(model_content=converted, num_threads=os.cpu_count())
    interpreter.allocate_tensors()
    into = interpreter.get_input_details()[0]["index"]
    out = interpreter.get_output_details()[0]["index"]
    prepared = 1

    def run(faces: Faces) -> Any:
        nonlocal prepared
        if len(faces) != prepared:
            interpreter.resize_tensor_input(into, (len(faces), 48, 48, 1))
            interpreter.allocate_tensors()
            prepared = len(faces)
        interpreter.set_tensor(into, faces[..., None].astype(np.float32))
        interpreter.invoke()
        return interpreter.get_tensor(out)

    return run


def _opencv(path: Path) -> Run:
    import cv2

    model = _without_uint8(*_plan_and_tensors(path))
    network = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))

    def run(faces: Faces) -> Any:
        network.setInput(faces[:, None].astype(np.float32))
        return network.forward().copy()

    return run


def _without_uint8(plan: Any, tensors: Any) -> bytes:
    """Return the ONNX model with float (n, 1, 48, 48) as its input: OpenCV reads no other."""
    import onnx

    from fercourse.classifiers.onnx_graph import SCORES, onnx_model

    model = onnx.load_from_string(onnx_model(plan, tensors))
    graph = model.graph
    graph.node[2].input[0] = graph.input[0].name  # behind Cast and Unsqueeze
    scores = next(node for node in graph.node if node.output[0] == SCORES)
    kept = [node for node in graph.node[2:] if node.op_type != "Identity"]
    number = onnx.TensorProto.FLOAT
    faces = onnx.helper.make_tensor_value_info(graph.input[0].name, number, ["n", 1, 48, 48])
    answer = onnx.helper.make_tensor_value_info(scores.input[0], number, ["n", "k"])
    graph = onnx.helper.make_graph(kept, "network", [faces], [answer], graph.initializer)
    return onnx.helper.make_model(graph, opset_imports=model.opset_import).SerializeToString()


def _onnxruntime(path: Path, threads: int | None = None, spinning: str = "0") -> Run:
    import onnxruntime

    from fercourse.classifiers.inference import session_options
    from fercourse.classifiers.onnx_graph import FACES, SCORES, onnx_model

    options = session_options()
    options.intra_op_num_threads = threads or options.intra_op_num_threads
    options.add_session_config_entry("session.intra_op.allow_spinning", spinning)
    model = onnx_model(*_plan_and_tensors(path))
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda faces: session.run([SCORES], {FACES: faces})[0]


def _spinning(path: Path) -> Run:
    return _onnxruntime(path, spinning="1")


def _one_thread(path: Path) -> Run:
    return _onnxruntime(path, threads=1)


def _course(path: Path) -> Run:
    from fercourse.classifiers.network import read_network

    return read_network(path).predict_scores


WAYS: dict[str, tuple[tuple[str, ...], Callable[[Path], Run]]] = {
    "Keras, predict": (("keras",), _predict),
    "Keras, call": (("keras",), _call),
    "TensorFlow function": (("keras",), _function),
    "TensorFlow function, frozen": (("keras",), _frozen),
    "TensorFlow function, XLA": (("keras",), _compiled),
    "LiteRT": (("keras",), _litert),
    "OpenCV": (("cv2", "onnx"), _opencv),
    "ONNX Runtime": (("onnxruntime", "onnx"), _onnxruntime),
    "ONNX Runtime, spinning": (("onnxruntime", "onnx"), _spinning),
    "ONNX Runtime, one thread": (("onnxruntime", "onnx"), _one_thread),
    "the course's classifier": (("onnxruntime", "onnx"), _course),
}
"""For each way what it imports and what makes it ready; the first is what tutorials teach."""


def _memory() -> float:
    """Return the memory that this process has in use, in MB; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _milliseconds(run: Run, batches: list[Faces], seconds: float) -> float:
    """Return the median milliseconds for calls with some batches, repeated for some seconds."""
    for faces in batches * 2:
        run(faces)
    times: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(times) < 5:
        start = time.perf_counter()
        for faces in batches:
            run(faces)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def measure_one(way: str, path: Path, seconds: float) -> dict[str, Any]:
    """Measure one way in this process.

    Args:
        way: one of ``WAYS``.
        path: a file of weights.
        seconds: how long to repeat the calls for each number of faces.

    Returns:
        What was measured, and the scores of 16 faces.
    """
    packages, prepare = WAYS[way]
    before = _memory()
    start = time.perf_counter()
    for package in packages:
        __import__(package)
    imported = time.perf_counter()
    run = prepare(path)
    faces = np.random.default_rng(0).integers(0, 256, (16, 48, 48), dtype=np.uint8)
    run(faces[:1])
    ready = time.perf_counter()
    measured: dict[str, Any] = {"way": way, "imports": imported - start, "ready": ready - imported}
    for size in SIZES:
        measured[str(size)] = _milliseconds(run, [faces[:size]], seconds)
    measured["changing"] = _milliseconds(run, [faces[:size] for size in CHANGING], seconds)
    measured["memory"] = _memory() - before
    measured["scores"] = np.asarray(run(faces)).tolist()
    return measured


def _in_a_process(way: str, path: Path, seconds: float) -> dict[str, Any] | None:
    command = [sys.executable, __file__, "--one", way, "--seconds", str(seconds), str(path)]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        print(f"{way}: left out ({said[0]})")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def _random_weights(architecture: str, folder: Path) -> Path:
    """Write random weights, such that no layer can be left out."""
    from fercourse.classifiers.architectures import plan_of
    from fercourse.classifiers.architectures.shapes import weight_shapes
    from fercourse.classifiers.weights import Weights, write_weights
    from fercourse.emotions import SEVEN

    random = np.random.default_rng(0)
    tensors: dict[str, Any] = {}
    for name, shape in weight_shapes(plan_of(architecture)).items():
        if name.endswith("kernel"):
            values = random.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape)
        elif name.endswith(("gamma", "moving_variance")):
            values = random.uniform(0.5, 1.5, shape)
        else:
            values = random.normal(0, 0.1, shape)
        tensors[name] = values.astype(np.float32)
    path = folder / f"{architecture}.safetensors"
    write_weights(path, Weights(architecture, SEVEN, tensors))
    return path


def _probabilities(scores: list[list[float]]) -> npt.NDArray[np.float64]:
    powers = np.exp(np.array(scores) - np.max(scores, axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def measure(path: Path, ways: list[str], seconds: float) -> list[dict[str, Any]]:
    """Measure some ways to run the network in a file, and print a row for each."""
    from fercourse.classifiers.architectures.shapes import cost

    network = cost(_plan_and_tensors(path)[0])
    print(
        f"\n{path.stem}: {network.parameters:,} parameters, "
        f"{network.multiply_adds / 1e6:.1f} million multiply-adds a face"
    )
    print(
        "| way | imports, s | ready, s | memory, MB "
        + "".join(f"| {size}, ms " for size in SIZES)
        + "| changing, ms | apart |\n| --- "
        + "| ---: " * (len(SIZES) + 5)
        + "|"
    )
    rows, reference = [], None
    for way in ways:
        if (row := _in_a_process(way, path, seconds)) is None:
            continue
        answers = _probabilities(row.pop("scores"))
        reference = answers if reference is None else reference
        row["apart"] = float(np.abs(answers - reference).max())
        print(
            f"| {way} | {row['imports']:.2f} | {row['ready']:.2f} | {row['memory']:.0f} "
            + "".join(f"| {row[str(size)]:.2f} " for size in SIZES)
            + f"| {row['changing']:.1f} | {row['apart']:.0e} |",
            flush=True,
        )
        rows.append(row)
    return rows


def main() -> None:
    """Measure each network by each way and print tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("networks", nargs="*", default=["lean", "vgg4"])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS), metavar="WAY")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each number of faces")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure_one(args.one, Path(args.networks[0]), args.seconds)))
        return
    if hasattr(os, "getloadavg"):
        print(f"load at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for network in args.networks:
            path = Path(network)
            if path.suffix != ".safetensors":
                path = _random_weights(network, Path(folder))
            found[path.stem] = measure(path, args.ways, args.seconds)
    if args.json:
        args.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
