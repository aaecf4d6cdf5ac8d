"""Writes fixtures/torch-blocks.json: outputs, a loss and gradients of blocks, from weights that both sides compute from their names.

    python torch-blocks.py
"""

import json
import math
from pathlib import Path

import torch
from torch import nn


def conv(before, filters, size=1, stride=1, groups=1):
    return nn.Conv2d(before, filters, size, stride, size // 2, groups=groups, bias=False)


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


def chain(kind=nn.Sequential, **layers):
    block = kind()
    for name, layer in layers.items():
        block.add_module(name, layer)
    return block


BLOCKS = {
    "depthwiseSeparable": chain(
        b_depthwise=conv(4, 4, 3, 2, 4), b_norm1=nn.BatchNorm2d(4), relu1=nn.ReLU(),
        b_pointwise=conv(4, 3), b_norm2=nn.BatchNorm2d(3), relu2=nn.ReLU(),
    ),
    "invertedResidual": chain(
        Residual,
        b_expand=conv(4, 24), b_norm1=nn.BatchNorm2d(24), relu1=nn.ReLU6(),
        b_depthwise=conv(24, 24, 3, 1, 24), b_norm2=nn.BatchNorm2d(24), relu2=nn.ReLU6(),
        b_project=conv(24, 4), b_norm3=nn.BatchNorm2d(4),
    ),
    "invertedResidual, stride": chain(
        b_expand=conv(4, 8), b_norm1=nn.BatchNorm2d(8), relu1=nn.ReLU6(),
        b_depthwise=conv(8, 8, 5, 2, 8), b_norm2=nn.BatchNorm2d(8), relu2=nn.ReLU6(),
        b_project=conv(8, 5), b_norm3=nn.BatchNorm2d(5),
    ),
    "denseResidual": chain(
        Residual, b_norm=nn.BatchNorm1d(5), b_dense1=nn.Linear(5, 10), relu=nn.ReLU(), b_dense2=nn.Linear(10, 5)
    ),
}  # fmt: skip


def numbers(name, count):
    """From -1 to 1, the same in JavaScript."""
    start = sum(map(ord, name))
    return torch.tensor([math.sin(start + 0.7 * i) for i in range(count)], dtype=torch.float64)


def named(block):
    """Each weight with its name and the order of its axes in Keras."""
    for path, weight in [*block.named_parameters(), *block.named_buffers()]:
        name, kind = path.split(".")
        if kind == "num_batches_tracked":
            continue
        layer = block.get_submodule(name)
        norm = isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d))
        depthwise = isinstance(layer, nn.Conv2d) and layer.groups > 1
        keras = {
            "weight": "gamma" if norm else "depthwise_kernel" if depthwise else "kernel",
            "bias": "beta" if norm else "bias",
            "running_mean": "moving_mean",
            "running_var": "moving_variance",
        }[kind]
        axes = (2, 3, 0, 1) if depthwise else {4: (2, 3, 1, 0), 2: (1, 0), 1: (0,)}[weight.dim()]
        yield f"{name}/{keras}", weight, axes


def run(block, shape):
    block.double()
    with torch.no_grad():
        for name, weight, axes in named(block):
            size = [weight.shape[axis] for axis in axes]
            values = numbers(name, weight.numel()).reshape(size)
            values = 1 + values / 2 if name.endswith(("gamma", "moving_variance")) else values / 2
            weight.copy_(values.permute([axes.index(axis) for axis in range(len(axes))]))
    x = numbers("image", 2 * math.prod(shape)).reshape(2, *shape)
    x = x.permute(0, 3, 1, 2) if len(shape) == 3 else x
    block.eval()
    y = block(x).detach()
    y = y.permute(0, 2, 3, 1) if y.dim() == 4 else y
    block.train()
    loss = (block(x) ** 2).mean()
    loss.backward()
    gradients = {
        name: [float(f"{v:.7g}") for v in weight.grad.permute(axes).flatten().tolist()]
        for name, weight, axes in named(block)
        if isinstance(weight, nn.Parameter)
    }
    return {"outputs": [float(f"{v:.7g}") for v in y.flatten().tolist()], "loss": loss.item(), "gradients": gradients}


fixture = {
    "torch": torch.__version__,
    "blocks": {name: run(block, [5] if "dense" in name else [6, 5, 4]) for name, block in BLOCKS.items()},
}
path = Path(__file__).parent / "fixtures" / "torch-blocks.json"
path.write_text(json.dumps(fixture) + "\n")
