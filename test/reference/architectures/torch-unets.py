"""Writes fixtures/torch-unets.json: parameters of U-Nets, with convolutions that keep the size.

    python torch-unets.py
"""

import json
from pathlib import Path

import torch
from torch import nn


def twice(before, width, norm):
    layers = []
    for channels in (before, width):
        layers.append(nn.Conv2d(channels, width, 3, padding=1, bias=not norm))
        layers += [nn.BatchNorm2d(width)] if norm else []
        layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def unet(filters=64, depth=4, norm=True, nearest=False):
    widths = [filters * 2**level for level in range(depth + 1)]
    down = [twice(before, width, norm) for before, width in zip([1, *widths], widths)]
    up = []
    for width in widths[:-1]:
        if nearest:
            up.append(nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(2 * width, width, 3, padding=1)))
        else:
            up.append(nn.ConvTranspose2d(2 * width, width, 2, stride=2))
        up.append(twice(2 * width, width, norm))
    return nn.ModuleList([*down, *up, nn.Conv2d(filters, 2, 1)])


def count(**options):
    with torch.device("meta"):
        return sum(weight.numel() for weight in unet(**options).parameters())


fixture = {
    "torch": torch.__version__,
    "parameters": {
        "64 filters, depth 4": count(),
        "64 filters, depth 4, without norm": count(norm=False),
        "64 filters, depth 4, nearest": count(nearest=True),
        "16 filters, depth 3": count(filters=16, depth=3),
    },
}
path = Path(__file__).parent / "fixtures" / "torch-unets.json"
path.write_text(json.dumps(fixture, indent=1) + "\n")
