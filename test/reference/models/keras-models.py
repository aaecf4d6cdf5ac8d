"""Writes fixtures/keras/: small Keras models, their weights through keras-to-safetensors.py, inputs and outputs.

Made with keras 3.15.1 on tensorflow 2.21.0, safetensors 0.8.0: python keras-models.py
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

HERE = Path(__file__).parent
SCRIPT = HERE.parents[2] / "src/models/keras-to-safetensors.py"
L = keras.layers


def chain(shape, *layers):
    return keras.Sequential([keras.Input(shape), *layers])


def nested():
    block = keras.Sequential([keras.Input((4,)), L.Dense(3, activation="tanh"), L.BatchNormalization()])
    x = keras.Input((4,))
    head = L.Dense(2)
    y = L.Concatenate()([block(x), L.Dense(3, activation="relu")(x)])
    return keras.Model(x, [head(y), L.Dense(1, name="score")(y)])


MODELS = {
    "dense": chain((4,), L.Dense(5, activation="relu"), L.Dense(5, activation="tanh", use_bias=False), L.Dense(3, activation="softmax")),
    "conv": chain(
        (8, 8, 2),
        L.Conv2D(3, 3, strides=2, padding="same", activation="relu"),
        L.BatchNormalization(),
        L.Conv2D(3, (2, 1), dilation_rate=2, use_bias=False),
        L.BatchNormalization(scale=False, epsilon=0.01),
        L.GlobalAveragePooling2D(),
    ),
    "transposed": chain((4, 4, 2), L.Conv2DTranspose(3, 3, strides=2, padding="same"), L.PReLU(), L.LayerNormalization()),
    "separable": chain((8, 8, 2), L.SeparableConv2D(3, 3, depth_multiplier=2), L.DepthwiseConv2D(3, padding="same", depth_multiplier=2)),
    "conv1d": chain((8, 3), L.Conv1D(4, 3, padding="same", dilation_rate=2, activation="relu"), L.MaxPooling1D(2)),
    "embedding": chain((6,), L.Embedding(7, 4), L.Conv1D(3, 3), L.Flatten(), L.Dense(2)),
    "lstm": chain((5, 3), L.LSTM(4, return_sequences=True), L.LSTM(2)),
    "gru": chain((5, 3), L.GRU(4, reset_after=False, return_sequences=True), L.GRU(2, reset_after=False)),
    "rnn": chain((5, 3), L.SimpleRNN(4, return_sequences=True), L.TimeDistributed(L.Dense(2))),
    "bidirectional": chain((5, 3), L.Bidirectional(L.LSTM(4, return_sequences=True)), L.Bidirectional(L.GRU(2, reset_after=False), merge_mode="sum")),
    "nested": nested(),
    "gru-reset-after": chain((5, 3), L.GRU(4)),
}


def convert(source, target):
    subprocess.run([sys.executable, SCRIPT, source, target], check=True)


random = np.random.default_rng(7)
fixtures = HERE / "fixtures/keras"
fixtures.mkdir(parents=True, exist_ok=True)
cases = {}
for name, model in MODELS.items():
    for weight in model.weights:
        weight.assign(random.uniform(0.1, 0.9, weight.shape) if "variance" in weight.name else random.normal(0, 0.5, weight.shape))
    shape = (3, *model.inputs[0].shape[1:])
    x = random.integers(0, 7, shape) if name == "embedding" else random.normal(0, 1, shape)
    x = x.astype("float32")
    outputs = model(x, training=False)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    cases[name] = {
        "inputShape": shape,
        "input": x.ravel().tolist(),
        "outputs": [np.asarray(output).ravel().tolist() for output in outputs],
    }
    with tempfile.TemporaryDirectory() as folder:
        model.save(f"{folder}/m.keras")
        convert(f"{folder}/m.keras", fixtures / f"{name}.safetensors")
        model.save_weights(f"{folder}/m.weights.h5")
        convert(f"{folder}/m.weights.h5", fixtures / f"{name}-h5.safetensors")
        if name == "dense":
            model.save(f"{folder}/m.h5")
            convert(f"{folder}/m.h5", fixtures / f"{name}-old-h5.safetensors")
(fixtures / "cases.json").write_text(json.dumps(cases))
