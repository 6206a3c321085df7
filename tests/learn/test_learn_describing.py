"""Figures, networks and estimators become plain data that a test can judge."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from fercourse.learn import describe


def test_a_bar_chart():
    figure, axes = plt.subplots()
    axes.bar(["Angry", "Sad"], [3, 5])
    axes.set(title="Faces", xlabel="emotion", ylabel="number of faces")
    plt.close(figure)
    described = describe(figure)
    assert described["title"] == "Faces"
    (only,) = described["axes"]
    assert [bar["height"] for bar in only["bars"]] == [3, 5]
    assert (only["xlabel"], only["ylabel"]) == ("emotion", "number of faces")
    assert only["xticks"] == ["Angry", "Sad"]
    assert only["ylim"] == list(axes.get_ylim())
    assert describe(axes) == described
    json.dumps(described)


def test_lines_images_points_and_legend():
    figure, (left, right) = plt.subplots(1, 2)
    left.plot([1, 2], [3, 4], label="training")
    left.scatter([0], [1])
    left.legend()
    right.imshow(np.arange(4).reshape(2, 2))
    figure.suptitle("Both")
    plt.close(figure)
    described = describe(figure)
    assert described["title"] == "Both"
    line = {"x": [1.0, 2.0], "y": [3.0, 4.0], "label": "training"}
    assert described["axes"][0]["lines"] == [line]
    assert described["axes"][0]["legend"] == ["training"]
    assert described["axes"][0]["points"] == [[[0.0, 1.0]]]
    assert described["axes"][1]["images"] == [[[0, 1], [2, 3]]]


def test_a_pipeline_before_and_after_fitting():
    pipeline = make_pipeline(StandardScaler(), SVC(C=3, kernel="poly", degree=2))
    described = describe(pipeline)
    assert [step["name"] for step in described["steps"]] == ["StandardScaler", "SVC"]
    assert described["steps"][1]["settings"]["degree"] == 2
    assert not described["fitted"]
    pipeline.fit([[0.0], [1.0]], [0, 1])
    assert describe(pipeline)["fitted"]
    json.dumps(describe(pipeline))


def test_a_network():
    import keras
    from keras import layers

    network = keras.Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(7, activation="softmax"),
        ]
    )
    described = describe(network)
    assert described["input"] == [None, 8, 8, 1]
    assert described["output"] == [None, 7]
    assert described["parameters"] == 40 + 16 + (4 * 4 * 4 * 7 + 7)
    assert described["trainable"] == described["parameters"] - 8
    kinds = [layer["kind"] for layer in described["layers"]]
    assert kinds[:3] == ["Rescaling", "Conv2D", "BatchNormalization"]
    assert described["layers"][1]["filters"] == 4
    assert described["layers"][1]["activation"] == "relu"
    assert described["layers"][-1]["activation"] == "softmax"
    assert not described["compiled"]
    json.dumps(described)


@pytest.mark.parametrize("thing", [None, 3, [1, 2]])
def test_anything_else_is_refused_with_a_sentence(thing):
    with pytest.raises(TypeError, match="was expected"):
        describe(thing)
