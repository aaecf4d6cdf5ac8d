"""Writes fixtures/torch-rotary.json: rotary positions as complex numbers, and their gradient.

Made with torch 2.14: python torch-rotary.py
"""

import json
from pathlib import Path

import numpy as np
import torch

random = np.random.default_rng(5)
N, HEADS, STEPS, SIZE = 2, 2, 5, 6
x = torch.tensor(random.normal(0, 1, (N, HEADS, STEPS, SIZE)).astype("float32"), requires_grad=True)
pull = torch.tensor(random.normal(0, 1, x.shape).astype("float32"))
frequencies = 10000.0 ** (-2 * torch.arange(SIZE // 2, dtype=torch.float64) / SIZE)
angles = torch.outer(torch.arange(STEPS, dtype=torch.float64), frequencies)
turn = torch.polar(torch.ones_like(angles), angles)
pairs = torch.view_as_complex(x.double().reshape(*x.shape[:-1], -1, 2))
output = torch.view_as_real(pairs * turn).flatten(-2)
(gradient,) = torch.autograd.grad((output * pull).sum(), x)


def flat(tensor):
    return [round(float(value), 7) for value in tensor.detach().numpy().ravel()]


fixture = {"torch": torch.__version__, "shape": list(x.shape), "x": flat(x), "pull": flat(pull), "output": flat(output), "gradient": flat(gradient)}
Path(__file__).with_name("fixtures").joinpath("torch-rotary.json").write_text(json.dumps(fixture))
