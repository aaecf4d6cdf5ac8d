"""Writes fixtures/keras-optimizers.json: 50 steps of Keras optimizers on f(w) = sum(c * w^2) / 2 + sum(sin(w)).

In float64, because the bias correction of Keras' Adam loses five digits in float32; on PyTorch, because on TensorFlow the
betas are rounded to float32 all the same. The curvature c is large enough for gradients that clipping shortens, and small
enough for some that it does not; the options are such that rounding to float32 at each step keeps within 1e-6.

    KERAS_BACKEND=torch python keras-optimizers.py
"""

import json
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras
import numpy as np
from keras.optimizers import SGD, Adagrad, Adam, Adamax, AdamW, Lion, Nadam, RMSprop

keras.config.set_floatx("float64")
STEPS = 50
START = {
    "kernel": [[1.5, -2.0, 0.25], [3.0, -0.5, 1e-3]],
    "bias": [0.75, -1.25],
    "filter": [[[[0.5, -0.25]]]],
    "scale": 2.0,
}
CURVATURE = {"kernel": [[1.0, 0.1, 5.0], [0.5, 2.0, 8.0]], "bias": [0.3, 3.0], "filter": [[[[1.0, 4.0]]]], "scale": 0.7}
CASES = {
    "sgd": lambda: SGD(0.05),
    "sgd with momentum": lambda: SGD(0.02, momentum=0.9),
    "sgd with nesterov": lambda: SGD(0.02, momentum=0.9, nesterov=True),
    "adam": lambda: Adam(0.05),
    "adam with its defaults": lambda: Adam(),
    "adam with other betas": lambda: Adam(0.02, beta_1=0.8, beta_2=0.95, epsilon=1e-3),
    "adam with amsgrad": lambda: Adam(0.05, amsgrad=True, beta_2=0.9),
    "adamw": lambda: AdamW(0.05),
    "adamw with amsgrad": lambda: AdamW(0.05, weight_decay=0.1, amsgrad=True),
    "adamw without decay of bias and scale": lambda: without_decay(AdamW(0.05, weight_decay=0.1), "bias", "scale"),
    "nadam": lambda: Nadam(0.05),
    "nadam with other betas": lambda: Nadam(0.02, beta_1=0.8, beta_2=0.95, epsilon=1e-3),
    "adamax": lambda: Adamax(0.05),
    "adamax with other betas": lambda: Adamax(0.02, beta_1=0.8, beta_2=0.95, epsilon=1e-3),
    "rmsprop": lambda: RMSprop(0.02),
    "rmsprop with momentum": lambda: RMSprop(0.01, rho=0.8, momentum=0.7),
    "rmsprop centered": lambda: RMSprop(0.02, centered=True, epsilon=1e-2),
    "rmsprop centered with momentum": lambda: RMSprop(0.01, rho=0.95, momentum=0.5, centered=True, epsilon=1e-4),
    "adagrad": lambda: Adagrad(0.1),
    "adagrad with another start": lambda: Adagrad(0.1, initial_accumulator_value=0.0, epsilon=1e-3),
    "lion": lambda: Lion(0.01),
    "lion with other betas": lambda: Lion(0.01, beta_1=0.8, beta_2=0.95, weight_decay=0.1),
    "sgd with weight decay": lambda: SGD(0.02, momentum=0.8, weight_decay=0.1),
    "adam with clipNorm": lambda: Adam(0.05, clipnorm=1.0),
    "sgd with globalClipNorm": lambda: SGD(0.02, momentum=0.8, global_clipnorm=2.0),
    "rmsprop with clipValue": lambda: RMSprop(0.02, clipvalue=0.5),
    "adam with accumulate": lambda: Adam(0.05, gradient_accumulation_steps=4),
    "adamw with accumulate and globalClipNorm": lambda: AdamW(
        0.05, gradient_accumulation_steps=3, global_clipnorm=2.0, weight_decay=0.1
    ),
    "adam with ema": lambda: Adam(0.05, use_ema=True, ema_momentum=0.9),
    "sgd with ema that overwrites": lambda: SGD(
        0.02, momentum=0.8, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=5
    ),
    "adam on a cosine": lambda: Adam(keras.optimizers.schedules.CosineDecay(0.1, 40, alpha=0.1)),
    "sgd on a warm-up": lambda: SGD(
        keras.optimizers.schedules.CosineDecay(0.0, 30, warmup_target=0.1, warmup_steps=10), momentum=0.5
    ),
}


def without_decay(optimizer, *names):
    optimizer.exclude_from_weight_decay(var_names=list(names))
    return optimizer


def flat(arrays):
    return [round(float(value), 10) for array in arrays for value in np.ravel(array)]


def path_of(optimizer):
    variables = [keras.Variable(np.array(value), dtype="float64", name=name) for name, value in START.items()]
    curvatures = [np.array(value) for value in CURVATURE.values()]
    points = []
    for _ in range(STEPS):
        weights = [keras.ops.convert_to_numpy(variable) for variable in variables]
        gradients = [keras.ops.convert_to_tensor(c * w + np.cos(w)) for c, w in zip(curvatures, weights)]
        optimizer.apply(gradients, variables)
        points.append(flat(keras.ops.convert_to_numpy(variable) for variable in variables))
    averages = getattr(optimizer, "_model_variables_moving_average", None)
    ending = {"averages": flat(map(keras.ops.convert_to_numpy, averages))} if averages else {}
    return {"points": points, **ending}


def main():
    made_with = f"keras {keras.__version__} on {keras.backend.backend()}"
    paths = {name: path_of(make()) for name, make in CASES.items()}
    fixture = {"madeWith": made_with, "start": START, "curvature": CURVATURE, "paths": paths}
    Path(__file__).with_name("fixtures").joinpath("keras-optimizers.json").write_text(json.dumps(fixture))


main()
