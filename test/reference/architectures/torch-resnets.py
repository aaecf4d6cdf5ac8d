"""Writes fixtures/torch-resnets.json: trainable parameters of residual networks as torchvision and the papers build them, and
outputs, a loss and gradients of small ones, from weights that both sides compute from their names.

    python torch-resnets.py
"""

import json
import math
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F


class SqueezeExcite(nn.Module):
    def __init__(self, channels, ratio):
        super().__init__()
        self.squeeze = nn.Linear(channels, channels // ratio)
        self.excite = nn.Linear(channels // ratio, channels)

    def forward(self, x):
        factors = torch.sigmoid(self.excite(F.relu(self.squeeze(x.mean((2, 3))))))
        return x * factors[:, :, None, None]


class Block(nn.Module):
    def __init__(self, channels, width, stride, bottleneck, preactivation, shortcut, ratio):
        super().__init__()
        filters = width * 4 if bottleneck else width
        steps = [(width, 1, 1), (width, 3, stride), (filters, 1, 1)] if bottleneck else [(width, 3, stride), (width, 3, 1)]
        self.preactivation, self.stride, self.pad = preactivation, stride, None
        self.convs, self.norms, before = nn.ModuleList(), nn.ModuleList(), channels
        for out, size, step in steps:
            self.convs.append(nn.Conv2d(before, out, size, step, size // 2, bias=False))
            self.norms.append(nn.BatchNorm2d(before if preactivation else out))
            before = out
        self.se = SqueezeExcite(filters, ratio) if ratio else None
        self.shortcut = self.shortcut_norm = None
        if channels != filters or stride > 1:
            if shortcut == "pad":
                self.pad = filters - channels
            else:
                self.shortcut = nn.Conv2d(channels, filters, 1, stride, bias=False)
                self.shortcut_norm = None if preactivation else nn.BatchNorm2d(filters)

    def forward(self, x):
        way, last = x, len(self.convs) - 1
        if self.preactivation:
            for i, (conv, norm) in enumerate(zip(self.convs, self.norms)):
                way = F.relu(norm(way))
                first = way if i == 0 else first
                way = conv(way)
        else:
            first = x
            for i, (conv, norm) in enumerate(zip(self.convs, self.norms)):
                way = norm(conv(way))
                way = way if i == last else F.relu(way)
        if self.se:
            way = self.se(way)
        if self.pad is not None:
            x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.pad))
        elif self.shortcut is not None:
            x = self.shortcut(first)
            x = self.shortcut_norm(x) if self.shortcut_norm else x
        return way + x if self.preactivation else F.relu(way + x)


class Resnet(nn.Module):
    def __init__(
        self, channels, outputs, stages, width, stem="small", bottleneck=False, preactivation=False, shortcut="conv", ratio=0
    ):
        super().__init__()
        self.imagenet = stem == "imagenet"
        size, stride = (7, 2) if self.imagenet else (3, 1)
        self.stem_conv = nn.Conv2d(channels, width, size, stride, size // 2, bias=False)
        self.stem_norm = None if preactivation else nn.BatchNorm2d(width)
        blocks, before = [], width
        for stage, count in enumerate(stages):
            for i in range(count):
                filters = width * 2**stage
                stride = 2 if stage > 0 and i == 0 else 1
                blocks.append((f"stage{stage + 1}_block{i + 1}", Block(before, filters, stride, bottleneck, preactivation, shortcut, ratio)))
                before = filters * (4 if bottleneck else 1)
        self.blocks = nn.ModuleDict(blocks)
        self.last_norm = nn.BatchNorm2d(before) if preactivation else None
        self.output = nn.Linear(before, outputs)

    def forward(self, x):
        x = self.stem_conv(x)
        if self.stem_norm:
            x = F.relu(self.stem_norm(x))
        if self.imagenet:
            x = F.max_pool2d(x, 3, 2, 1)
        for block in self.blocks.values():
            x = block(x)
        if self.last_norm:
            x = F.relu(self.last_norm(x))
        return self.output(x.mean((2, 3)))


def layer_name(path):
    """`blocks.stage1_block1.convs.0` as `stage1_block1_conv1`."""
    parts = path.replace("convs.", "conv").replace("norms.", "norm").split(".")
    if parts[0] == "blocks":
        parts = parts[1:]
    return "_".join(f"{p[:4]}{int(p[4:]) + 1}" if p[:4] in ("conv", "norm") and p[4:].isdigit() else p for p in parts)


def numbers(name, count):
    """From -1 to 1, the same in JavaScript."""
    start = sum(map(ord, name))
    return torch.tensor([math.sin(start + 0.7 * i) for i in range(count)], dtype=torch.float64)


KERAS = {"running_mean": "moving_mean", "running_var": "moving_variance"}


def named(model):
    """Each weight with its name and the order of its axes in Keras."""
    for path, weight in [*model.named_parameters(), *model.named_buffers()]:
        module, kind = path.rsplit(".", 1)
        if kind == "num_batches_tracked":
            continue
        norm = isinstance(model.get_submodule(module), nn.BatchNorm2d)
        name = KERAS.get(kind) or ({"weight": "gamma", "bias": "beta"} if norm else {"weight": "kernel", "bias": "bias"})[kind]
        axes = {4: (2, 3, 1, 0), 2: (1, 0), 1: (0,)}[weight.dim()]
        yield f"{layer_name(module)}/{name}", weight, axes


def fill(model):
    with torch.no_grad():
        for name, weight, axes in named(model):
            shape = [weight.shape[axis] for axis in axes]
            values = numbers(name, weight.numel()).reshape(shape)
            if name.endswith(("gamma", "moving_variance")):
                values = 1 + values / 2
            elif name.endswith("kernel"):
                values = values * math.sqrt(2 / math.prod(shape[:-1]))
            else:
                values = values / 4
            back = [axes.index(axis) for axis in range(len(axes))]
            weight.copy_(values.permute(back))


def run(options, size):
    model = Resnet(2, 3, **options).double()
    fill(model)
    x = numbers("image", 2 * size * size * 2).reshape(2, size, size, 2).permute(0, 3, 1, 2)
    model.eval()
    with torch.no_grad():
        outputs = model(x)
    model.train()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0  # the weights stay as they are
    loss = (model(x) ** 2).mean()
    loss.backward()
    gradients = {
        name: [float(f"{weight.grad.norm():.7g}"), float(f"{weight.grad.permute(axes).flatten()[0]:.7g}")]
        for name, weight, axes in named(model)
        if isinstance(weight, nn.Parameter)
    }
    rounded = [[float(f"{v:.7g}") for v in row] for row in outputs.tolist()]
    return {"size": size, "options": options, "outputs": rounded, "loss": float(f"{loss.item():.7g}"), "gradients": gradients}


def count(outputs=1000, **options):
    with torch.device("meta"):
        model = Resnet(3, outputs, **options)
    return sum(weight.numel() for weight in model.parameters())


IMAGENET = {"width": 64, "stem": "imagenet"}
SMALL = {"width": 4, "stages": [1, 1]}
fixture = {
    "torch": torch.__version__,
    "parameters": {
        "ResNet-20": count(10, stages=[3, 3, 3], width=16, shortcut="pad"),
        "ResNet-56": count(10, stages=[9, 9, 9], width=16, shortcut="pad"),
        "ResNet-110": count(10, stages=[18, 18, 18], width=16, shortcut="pad"),
        "ResNet-164 with preactivation": count(10, stages=[18, 18, 18], width=16, bottleneck=True, preactivation=True),
        "ResNet-18": count(stages=[2, 2, 2, 2], **IMAGENET),
        "ResNet-34": count(stages=[3, 4, 6, 3], **IMAGENET),
        "ResNet-50": count(stages=[3, 4, 6, 3], bottleneck=True, **IMAGENET),
        "ResNet-101": count(stages=[3, 4, 23, 3], bottleneck=True, **IMAGENET),
        "SE-ResNet-50": count(stages=[3, 4, 6, 3], bottleneck=True, ratio=16, **IMAGENET),
    },
    "nets": {
        "residual, padded": run({**SMALL, "shortcut": "pad"}, 6),
        "residual, odd size": run(SMALL, 5),
        "preactivation": run({**SMALL, "preactivation": True}, 6),
        "preactivation, padded": run({**SMALL, "preactivation": True, "shortcut": "pad"}, 5),
        "bottleneck, squeeze and excite, large stem": run({**SMALL, "bottleneck": True, "ratio": 4, "stem": "imagenet"}, 16),
    },
}
path = Path(__file__).parent / "fixtures" / "torch-resnets.json"
path.write_text(json.dumps(fixture, indent=1) + "\n")
