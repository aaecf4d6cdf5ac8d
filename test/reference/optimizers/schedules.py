"""Writes fixtures/schedules.json: learning rates of Keras and PyTorch schedules for the steps 0 to 120.

    KERAS_BACKEND=torch python schedules.py
"""

import json
import math
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras
import torch
from keras.optimizers import schedules
from torch.optim import lr_scheduler

keras.config.set_floatx("float64")
STEPS = 121
KERAS = {
    "piecewise": schedules.PiecewiseConstantDecay([20, 50], [0.1, 0.05, 0.01]),
    "exponential": schedules.ExponentialDecay(0.1, 30, 0.5),
    "exponential staircase": schedules.ExponentialDecay(0.1, 30, 0.5, staircase=True),
    "inverseTime": schedules.InverseTimeDecay(0.1, 30, 0.5),
    "inverseTime staircase": schedules.InverseTimeDecay(0.1, 30, 0.5, staircase=True),
    "polynomial": schedules.PolynomialDecay(0.1, 50),
    "polynomial of power 2": schedules.PolynomialDecay(0.1, 50, 0.01, power=2.0),
    "polynomial cycle": schedules.PolynomialDecay(0.1, 25, 0.01, power=0.5, cycle=True),
    "cosine": schedules.CosineDecay(0.1, 80),
    "cosine with alpha": schedules.CosineDecay(0.1, 80, alpha=0.1),
    "cosine after warm-up": schedules.CosineDecay(0.01, 80, alpha=0.1, warmup_target=0.2, warmup_steps=25),
    "cosineRestarts": schedules.CosineDecayRestarts(0.1, 16),
    "cosineRestarts of one length": schedules.CosineDecayRestarts(0.1, 16, t_mul=1.0, m_mul=0.5, alpha=0.1),
    "cosineRestarts that shrink": schedules.CosineDecayRestarts(0.1, 10, t_mul=2.0, m_mul=0.8, alpha=0.01),
}


def torch_rates(make, base=0.1):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], base)
    schedule = make(optimizer)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if schedule.last_epoch + 1 < getattr(schedule, "total_steps", math.inf):
            schedule.step()
    return rates


def linear_then_exponential(optimizer):
    first = lr_scheduler.LinearLR(optimizer, start_factor=0.25, end_factor=1.0, total_iters=10)
    second = lr_scheduler.StepLR(optimizer, 20, gamma=0.5)
    return lr_scheduler.SequentialLR(optimizer, [first, second], milestones=[10])


TORCH = {
    "stepDecay": lambda o: lr_scheduler.StepLR(o, 30),
    "stepDecay with gamma": lambda o: lr_scheduler.StepLR(o, 7, gamma=0.7),
    "oneCycle": lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.1, total_steps=100),
    "oneCycle linear": lambda o: lr_scheduler.OneCycleLR(
        o, max_lr=0.2, total_steps=90, pct_start=0.4, anneal_strategy="linear", div_factor=10, final_div_factor=100
    ),
    "warmUp then stepDecay": linear_then_exponential,
    "sequence": lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.ConstantLR(o, 0.5, 1000), lr_scheduler.StepLR(o, 20, gamma=0.5)], milestones=[15]
    ),
    # Vaswani et al. (2017), section 5.3, scaled to a top of 0.1 at step 40.
    "inverseSquareRoot after warm-up": lambda o: lr_scheduler.LambdaLR(
        o, lambda step: min(step / 40, math.sqrt(40 / max(step, 1)))
    ),
}


def main():
    rates = {name: [float(at(step)) for step in range(STEPS)] for name, at in KERAS.items()}
    rates.update({name: torch_rates(make) for name, make in TORCH.items()})
    made_with = f"keras {keras.__version__} on {keras.backend.backend()}, torch {torch.__version__}"
    fixture = {"madeWith": made_with, "rates": {k: [float(f"{v:.12g}") for v in r] for k, r in rates.items()}}
    Path(__file__).with_name("fixtures").joinpath("schedules.json").write_text(json.dumps(fixture))


main()
