"""Writes fixtures/tensorflowjs/: models of Keras 2 as the TensorFlow.js converter writes them, with inputs and outputs.

Made with tf_keras 2.21.0, tensorflow 2.21.0, tensorflowjs 4.22.0 (pip install --no-deps tensorflowjs tf_keras six packaging)
"""

import importlib.util
import json
import os
import shutil
import sys
import types
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tf_keras

# The packages themselves import converters for jax and decision forests; two modules are enough here.
folder = Path(importlib.util.find_spec("tensorflowjs").origin).parent
for name, path in {"tensorflowjs": folder, "tensorflowjs.converters": folder / "converters"}.items():
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(path)]
from tensorflowjs.converters.keras_h5_conversion import save_keras_model

L = tf_keras.layers
FIXTURES = Path(__file__).parent / "fixtures/tensorflowjs"


def image_model():
    return tf_keras.Sequential(
        [
            L.Conv2D(4, 3, activation="relu", input_shape=(8, 8, 2)),
            L.BatchNormalization(),
            L.SeparableConv2D(3, 3, padding="same"),
            L.DepthwiseConv2D(2, depth_multiplier=2),
            L.Flatten(),
            L.Dense(3, activation="softmax"),
        ]
    )


def text_model():
    words = tf_keras.Input((6,), name="words")
    other = tf_keras.Input((3,), name="other")
    x = L.Embedding(9, 4)(words)
    x = L.Bidirectional(L.LSTM(3, return_sequences=True))(x)
    x = L.GRU(3, reset_after=False)(x)
    y = L.Concatenate()([x, L.Dense(2, activation="tanh")(other)])
    return tf_keras.Model([words, other], [L.Dense(2, name="label")(y), L.Dense(1, name="score")(y)])


shutil.rmtree(FIXTURES, ignore_errors=True)
random = np.random.default_rng(11)
cases = {}
for name, model, options in [
    ("image", image_model(), {"weight_shard_size_bytes": 1000}),
    ("text", text_model(), {}),
    ("image-float16", image_model(), {"quantization_dtype_map": {"float16": "*"}}),
]:
    for weight in model.weights:
        lowest = 0.1 if "variance" in weight.name else -0.5
        weight.assign(random.uniform(lowest, 0.5, weight.shape))
    model.compile(optimizer="adam", loss="mse")
    xs = [
        random.integers(0, 9, (2, *shape[1:])) if "words" in input_name else random.normal(0, 1, (2, *shape[1:]))
        for shape, input_name in zip([i.shape for i in model.inputs], model.input_names)
    ]
    outputs = model(xs if len(xs) > 1 else xs[0], training=False)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    save_keras_model(model, str(FIXTURES / name), **options)
    cases[name] = {
        "inputs": [{"shape": x.shape, "values": x.astype("float32").ravel().tolist()} for x in xs],
        "outputs": [np.asarray(output).ravel().tolist() for output in outputs],
    }
(FIXTURES / "cases.json").write_text(json.dumps(cases))
