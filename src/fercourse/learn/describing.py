"""``describe``: a figure, a model or an estimator as plain data that a test can judge."""

from typing import Any

import numpy as np


def describe(thing: object) -> dict[str, Any]:
    """Return what can be said of a figure, a Keras model or a scikit-learn estimator.

    Args:
        thing: a matplotlib Figure or Axes, a Keras model, or a scikit-learn estimator or pipeline.

    Returns:
        Plain data with ``"kind"`` first: ``"figure"`` (``title`` and ``axes``, each with
        ``title``, ``xlabel``, ``ylabel``, ``ylim``, ``bars``, ``lines``, ``images``, ``points``,
        ``texts``, ``xticks``, ``yticks``, ``legend``), ``"network"`` (``input``, ``output``,
        ``layers``, ``parameters``, ``trainable``, ``compiled``) or ``"estimator"`` (``name``,
        ``settings``, ``steps``, ``fitted``).

    Raises:
        TypeError: it is something else.
    """
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if isinstance(thing, Axes):
        thing = thing.get_figure()
    if isinstance(thing, Figure):
        return _figure(thing)
    if hasattr(thing, "get_params") and hasattr(thing, "fit"):
        return _estimator(thing)
    if hasattr(thing, "layers") and hasattr(thing, "count_params"):
        return _network(thing)
    raise TypeError(
        f"a figure, a Keras model or a scikit-learn estimator was expected, not "
        f"{'nothing (None): is a `return` missing?' if thing is None else type(thing).__name__}"
    )


def _figure(figure: Any) -> dict[str, Any]:
    title = figure.get_suptitle()
    axes = [_axes(entry) for entry in figure.axes]
    if not title and len(axes) == 1:
        title = axes[0]["title"]
    return {"kind": "figure", "title": title, "axes": axes}


def _axes(axes: Any) -> dict[str, Any]:
    legend = axes.get_legend()
    return {
        "title": axes.get_title(),
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "ylim": [float(end) for end in axes.get_ylim()],
        "bars": [
            _bar(bar) for group in axes.containers for bar in group if hasattr(bar, "get_width")
        ],
        "lines": [
            {
                "x": np.asarray(line.get_xdata(), float).tolist(),
                "y": np.asarray(line.get_ydata(), float).tolist(),
                "label": _label(line),
            }
            for line in axes.lines
        ],
        "images": [np.asarray(image.get_array()).tolist() for image in axes.images],
        "points": [np.asarray(cloud.get_offsets(), float).tolist() for cloud in axes.collections],
        "texts": [text.get_text() for text in axes.texts],
        "xticks": [label.get_text() for label in axes.get_xticklabels()],
        "yticks": [label.get_text() for label in axes.get_yticklabels()],
        "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
    }


def _bar(bar: Any) -> dict[str, float]:
    return {
        "x": float(bar.get_x() + bar.get_width() / 2),
        "y": float(bar.get_y()),
        "width": float(bar.get_width()),
        "height": float(bar.get_height()),
    }


def _label(line: Any) -> str:
    label = str(line.get_label())
    return "" if label.startswith("_") else label


def _estimator(estimator: Any) -> dict[str, Any]:
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(estimator)
        fitted = True
    except NotFittedError:
        fitted = False
    steps = getattr(estimator, "steps", None) or []
    return {
        "kind": "estimator",
        "name": type(estimator).__name__,
        "settings": {
            name: value
            if isinstance(value, int | float | str | bool | type(None))
            else _word(value)
            for name, value in estimator.get_params(deep=False).items()
            if name not in ("steps", "memory", "verbose")
        },
        "steps": [
            {"label": label, **_estimator(step)}
            if hasattr(step, "get_params")
            else {"label": label, "kind": "estimator", "name": str(step)}
            for label, step in steps
        ],
        "fitted": fitted,
    }


def _word(value: object) -> Any:
    """Return a setting that is no plain value as one: an estimator's or function's name, a list."""
    if hasattr(value, "get_params"):
        return _estimator(value)
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_word(entry) for entry in value]
    if isinstance(value, dict):
        return {str(key): _word(entry) for key, entry in value.items()}
    if isinstance(value, int | float | str | bool | type(None)):
        return value
    return getattr(value, "__name__", type(value).__name__)


_SETTINGS = (
    "filters",
    "units",
    "rate",
    "kernel_size",
    "pool_size",
    "strides",
    "padding",
    "scale",
    "offset",
)


def _network(network: Any) -> dict[str, Any]:
    return {
        "kind": "network",
        "input": _shape(getattr(network, "input_shape", None)),
        "output": _shape(getattr(network, "output_shape", None)),
        "layers": [_layer(layer) for layer in network.layers],
        "parameters": int(network.count_params()),
        "trainable": sum(int(np.prod(weight.shape)) for weight in network.trainable_weights),
        "compiled": bool(getattr(network, "compiled", False)),
    }


def _layer(layer: Any) -> dict[str, Any]:
    activation = getattr(layer, "activation", None)
    return {
        "kind": type(layer).__name__,
        "name": layer.name,
        "parameters": int(layer.count_params()),
        "output": _shape(getattr(getattr(layer, "output", None), "shape", None)),
        "activation": getattr(activation, "__name__", None),
        **{name: _word(getattr(layer, name)) for name in _SETTINGS if hasattr(layer, name)},
    }


def _shape(shape: Any) -> list[int | None] | None:
    return None if shape is None else [None if size is None else int(size) for size in shape]
