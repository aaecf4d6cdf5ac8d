"""Writes fixtures/keras-regularizers.json: values and gradients of Keras regularizers, what models add to their loss, and weights
that constraints hold, or what layers give costs, while SGD moves them.

    KERAS_BACKEND=torch python keras-regularizers.py
"""

import json
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras
import numpy as np
import torch
from keras import Sequential, constraints, layers, regularizers
from keras.regularizers import L1, L1L2, L2

MATRIX = [[1.5, -2.0, 0.25], [0.0, -0.5, 1.0], [0.3, 0.7, -0.9], [2.0, 0.1, 0.4]]
REGULARIZERS = {
    "l1": L1(0.3),
    "l2": L2(0.2),
    "l1l2": L1L2(0.1, 0.2),
    "orthogonal rows": regularizers.OrthogonalRegularizer(0.5, "rows"),
    "orthogonal columns": regularizers.OrthogonalRegularizer(0.5, "columns"),
}


def numbers(shape):
    """Some weights, the same ones in any language."""
    return 0.5 * np.sin(1.0 + np.arange(np.prod(shape))).reshape(shape)


def rounded(values):
    return np.vectorize(lambda value: float(f"{value:.8g}"))(np.asarray(values, dtype="float64")).tolist()


def value_and_gradient(regularizer):
    weight = torch.tensor(MATRIX, requires_grad=True)
    value = regularizer(weight)
    value.backward()
    return {"value": rounded(value.detach()), "gradient": rounded(weight.grad)}


def dense():
    return layers.Dense(4, kernel_regularizer=L2(0.1), bias_regularizer=L1(0.2))


def shared():
    layer = dense()
    x = layers.Input((4,))
    return keras.Model(x, layer(layer(x)))


def nested():
    inner = Sequential([layers.Input((4,)), dense()])
    x = layers.Input((4,))
    return keras.Model(x, dense()(inner(inner(x))))


def frozen():
    model = Sequential([layers.Input((4,)), dense(), dense()])
    model.layers[0].trainable = False
    return model


RECURRENT = {"kernel_regularizer": L2(0.1), "recurrent_regularizer": L1L2(0.1, 0.3), "bias_regularizer": L1(0.2)}
MODELS = {
    "a sequence of layers": lambda: Sequential([layers.Input((4,)), dense(), dense()]),
    "a shared layer": shared,
    "a nested model that is used twice": nested,
    "a frozen layer": frozen,
    "an lstm": lambda: Sequential([layers.Input((3, 4)), layers.LSTM(2, **RECURRENT)]),
    "a gru": lambda: Sequential([layers.Input((3, 4)), layers.GRU(2, reset_after=False, **RECURRENT)]),
    "stacked cells": lambda: Sequential(
        [layers.Input((3, 4)), layers.RNN([layers.SimpleRNNCell(2, **RECURRENT), layers.SimpleRNNCell(2, **RECURRENT)])]
    ),
    "a bidirectional lstm": lambda: Sequential([layers.Input((3, 4)), layers.Bidirectional(layers.LSTM(2, **RECURRENT))]),
    "a time-distributed dense": lambda: Sequential([layers.Input((3, 4)), layers.TimeDistributed(dense())]),
    "a separable convolution": lambda: Sequential(
        [
            layers.Input((5, 5, 2)),
            layers.SeparableConv2D(3, 3, depthwise_regularizer=L2(0.1), pointwise_regularizer=L1(0.2)),
        ]
    ),
}


def penalty(make):
    model = make()
    for weight in model.weights:
        weight.assign(numbers(weight.shape))
    return rounded(sum(float(loss) for loss in model.losses))


CONSTRAINTS = {
    "maxNorm": constraints.MaxNorm(1.2),
    "maxNorm of rows": constraints.MaxNorm(0.8, axis=1),
    "minMaxNorm": constraints.MinMaxNorm(0.9, 1.1, rate=0.7),
    "nonNegative": constraints.NonNeg(),
    "unitNorm": constraints.UnitNorm(),
    "unitNorm of both axes": constraints.UnitNorm(axis=[0, 1]),
}


def constrained(constraint):
    """Five full-batch steps of SGD on the mean squared error of one dense layer."""
    model = Sequential([layers.Input((4,)), layers.Dense(3, kernel_constraint=constraint)])
    model.layers[0].set_weights([np.asarray(MATRIX), np.zeros(3)])
    model.compile(optimizer=keras.optimizers.SGD(0.3), loss="mse")
    model.fit(numbers((6, 4)) * 2, numbers((6, 3)) * 3, batch_size=6, epochs=5, verbose=0)
    return {"kernel": rounded(model.get_weights()[0]), "bias": rounded(model.get_weights()[1])}


def active(units=3, **options):
    return layers.Dense(units, activation="tanh", activity_regularizer=L1L2(0.1, 0.05), **options)


def twice():
    layer = active(4)
    x = layers.Input((4,))
    return keras.Model(x, layers.Dense(2)(layer(layer(x))))


def inside():
    inner = Sequential([layers.Input((4,)), active(4, kernel_regularizer=L2(0.1))])
    x = layers.Input((4,))
    return keras.Model(x, layers.Dense(2)(inner(inner(x))))


ACTIVITIES = {
    "a dense layer": lambda: Sequential([layers.Input((4,)), active(), layers.Dense(2)]),
    "the last layer": lambda: Sequential([layers.Input((4,)), active(2)]),
    "a convolution": lambda: Sequential(
        [layers.Input((4, 4, 2)), layers.Conv2D(3, 2, activity_regularizer=L2(0.1)), layers.Flatten(), layers.Dense(2)]
    ),
    "a layer of its own behind an lstm": lambda: Sequential(
        [
            layers.Input((3, 4)),
            layers.LSTM(3, return_sequences=True),
            layers.ActivityRegularization(l1=0.1, l2=0.05),
            layers.Flatten(),
            layers.Dense(2),
        ]
    ),
    "a layer that is used twice": twice,
    "a model inside, used twice, with penalties of weights": inside,
}


def activity(make):
    """The penalty of the first and the last of five full-batch steps of SGD, the loss of the last, and where the weights went."""
    model = make()
    for weight in model.weights:
        weight.assign(numbers(weight.shape))
    x, y = 2 * numbers((6, *model.input_shape[1:])), 3 * numbers((6, 2))
    model(x)
    first = sum(float(loss) for loss in model.losses)
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    history = model.fit(x, y, batch_size=6, epochs=5, verbose=0).history
    model(x)
    return {
        "first": rounded(first),
        "losses": rounded(history["loss"]),
        "afterwards": rounded(model.evaluate(x, y, verbose=0)),
        "weights": [rounded(weight) for weight in model.get_weights()],
    }


fixture = {
    "keras": keras.version(),
    "torch": torch.__version__,
    "matrix": MATRIX,
    "regularizers": {name: value_and_gradient(regularizer) for name, regularizer in REGULARIZERS.items()},
    "models": {name: penalty(make) for name, make in MODELS.items()},
    "constraints": {name: rounded(constraint(np.float32(MATRIX))) for name, constraint in CONSTRAINTS.items()},
    "activities": {name: activity(make) for name, make in ACTIVITIES.items()},
    "trained": {name: constrained(constraint) for name, constraint in CONSTRAINTS.items()},
}
path = Path(__file__).parent / "fixtures" / "keras-regularizers.json"
path.write_text(json.dumps(fixture, indent=1) + "\n")
