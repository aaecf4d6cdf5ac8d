"""Writes fixtures/torch-optimizers.json: a second opinion on those optimizers that PyTorch computes as Keras does.

    python torch-optimizers.py
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
STEPS = 50
START = [1.5, -2.0, 0.25, 3.0, -0.5, 1e-3]
CURVATURE = [1.0, 0.1, 5.0, 0.5, 2.0, 8.0]
# PyTorch adds epsilon after the correction of the mean of squares, Keras before: with 0 it makes no difference.
CASES = {
    "sgd": lambda w: torch.optim.SGD(w, 0.05),
    "adam": lambda w: torch.optim.Adam(w, 0.05, eps=0),
    "adamw": lambda w: torch.optim.AdamW(w, 0.05, eps=0, weight_decay=0.1),
    "adamax": lambda w: torch.optim.Adamax(w, 0.05, eps=0),
    "adagrad": lambda w: torch.optim.Adagrad(w, 0.1, initial_accumulator_value=0.1, eps=0),
    "rmsprop": lambda w: torch.optim.RMSprop(w, 0.02, alpha=0.9, eps=0),
    "rmsprop with momentum": lambda w: torch.optim.RMSprop(w, 0.01, alpha=0.8, momentum=0.5, eps=0),
}
CLIPPED = {
    "sgd with globalClipNorm": (lambda w: torch.optim.SGD(w, 0.05), 1.0),
}


def path_of(make, limit=None):
    weight = torch.nn.Parameter(torch.tensor([START, START[::-1]]))
    optimizer = make([weight])
    points = []
    for _ in range(STEPS):
        with torch.no_grad():
            weight.grad = torch.tensor([CURVATURE, CURVATURE[::-1]]) * weight + torch.cos(weight)
        if limit is not None:
            torch.nn.utils.clip_grad_norm_([weight], limit)
        optimizer.step()
        points.append([round(value, 10) for value in weight.detach().flatten().tolist()])
    return points


def main():
    paths = {name: path_of(make) for name, make in CASES.items()}
    paths.update({name: path_of(make, limit) for name, (make, limit) in CLIPPED.items()})
    fixture = {
        "madeWith": f"torch {torch.__version__}",
        "start": [START, START[::-1]],
        "curvature": [CURVATURE, CURVATURE[::-1]],
        "paths": paths,
    }
    Path(__file__).with_name("fixtures").joinpath("torch-optimizers.json").write_text(json.dumps(fixture))


main()
