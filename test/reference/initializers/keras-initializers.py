"""Writes fixtures/keras-initializers.json: fans, moments of many draws, and exact numbers of Keras initializers.

    KERAS_BACKEND=torch python keras-initializers.py
"""

import json
import os
from pathlib import Path
from unittest import mock

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras
import numpy as np
from keras import initializers, random
from keras.src.initializers import random_initializers

NUMBERS = 2_000_000
SHAPES = {
    "bias": [7],
    "dense": [20, 30],
    "embedding": [50, 8],
    "conv1d": [3, 4, 6],
    "conv2d": [3, 3, 8, 16],
    "depthwise": [3, 3, 8, 2],
    "transposed": [3, 3, 16, 8],
    "grouped": [3, 3, 2, 16],
    "conv3d": [2, 2, 2, 3, 5],
}
MOMENTS = {
    "randomNormal": initializers.RandomNormal,
    "randomUniform": initializers.RandomUniform,
    "truncatedNormal": initializers.TruncatedNormal,
    "varianceScaling": initializers.VarianceScaling,
    "glorotNormal": initializers.GlorotNormal,
    "glorotUniform": initializers.GlorotUniform,
    "heNormal": initializers.HeNormal,
    "heUniform": initializers.HeUniform,
    "leCunNormal": initializers.LecunNormal,
    "leCunUniform": initializers.LecunUniform,
}


def moments(make):
    """Of a kernel (20, 30), drawn again and again: its fans are part of the numbers.

    No bounds: on PyTorch, one number in 250 000 of Keras' truncated normal distribution is not cut off.
    """
    initializer = make(seed=random.SeedGenerator(1))
    values = np.stack([np.asarray(initializer([20, 30])) for _ in range(NUMBERS // 600)]).astype("float64")
    return {"mean": values.mean(), "std": values.std()}


def orthogonal(shape, gain):
    """Of a matrix that is written down, too: what Keras draws is replaced by it."""
    rows, columns = int(np.prod(shape[:-1])), shape[-1]
    drawn = np.random.default_rng(rows).normal(size=(max(rows, columns), min(rows, columns))).astype("float32")
    with mock.patch.object(random_initializers.random, "normal", lambda *_, **__: keras.ops.convert_to_tensor(drawn)):
        values = np.asarray(initializers.Orthogonal(gain=gain)(shape))
    return {"shape": shape, "gain": gain, "drawn": rounded(drawn), "values": rounded(values)}


def rounded(values):
    return [float(f"{value:.8g}") for value in np.asarray(values, dtype="float64").ravel()]


def clean(values):
    return {name: float(f"{value:.6g}") for name, value in values.items()}


fixture = {
    "keras": keras.version(),
    "fans": {name: {"shape": shape, "fans": random_initializers.compute_fans(shape)} for name, shape in SHAPES.items()},
    "moments": {name: clean(moments(make)) for name, make in MOMENTS.items()},
    "orthogonal": [orthogonal([5, 3], 1.0), orthogonal([3, 5], 2.0), orthogonal([2, 2, 2, 3], 0.5)],
    "identity": {"shape": [2, 3], "gain": 3.0, "values": rounded(initializers.Identity(gain=3.0)([2, 3]))},
}
path = Path(__file__).parent / "fixtures" / "keras-initializers.json"
path.write_text(json.dumps(fixture, indent=1) + "\n")
