"""Writes fixtures/torch-schedulers.json: learning rates of PyTorch schedulers for the steps 0 to 120, and those of
ReduceLROnPlateau for losses that stop falling.

    python torch-schedulers.py
"""

import json
from pathlib import Path

import torch
from torch.optim import lr_scheduler as lr

STEPS = 121


def rates(make, base=0.1, values=None):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], base)
    schedule = make(optimizer)
    found = []
    for step in range(STEPS if values is None else len(values)):
        if values is None:
            found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step(*([] if values is None else [values[step]]))
        if values is not None:
            found.append(optimizer.param_groups[0]["lr"])
    return found


LOSSES = [5, 4, 3, 3.00005, 2.9999, 2.99995, 3, 3, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]


def plateau(patience, cooldown=0, minimum=0.0, factor=0.1, delta=1e-4):
    return rates(
        lambda o: lr.ReduceLROnPlateau(
            o, factor=factor, patience=patience - 1, threshold=delta, threshold_mode="abs",
            cooldown=cooldown, min_lr=minimum, eps=0,
        ),
        values=LOSSES,
    )


fixture = {
    "versions": {"torch": torch.__version__},
    "rates": {
        "StepLR": rates(lambda o: lr.StepLR(o, 30, 0.5)),
        "MultiStepLR": rates(lambda o: lr.MultiStepLR(o, [20, 50], 0.1)),
        "ExponentialLR": rates(lambda o: lr.ExponentialLR(o, 0.97)),
        "CosineAnnealingLR": rates(lambda o: lr.CosineAnnealingLR(o, 120, 0.01)),
        "CosineAnnealingWarmRestarts": rates(lambda o: lr.CosineAnnealingWarmRestarts(o, 16, 2, 0.01)),
        "PolynomialLR": rates(lambda o: lr.PolynomialLR(o, 100, 2.0)),
        "LinearLR": rates(lambda o: lr.LinearLR(o, 0.25, 1.0, 40)),
        "OneCycleLR": rates(lambda o: lr.OneCycleLR(o, 0.1, 121)),
        "CyclicLR triangular": rates(lambda o: lr.CyclicLR(o, 0.01, 0.1, 20, 30, cycle_momentum=False)),
        "CyclicLR triangular2": rates(
            lambda o: lr.CyclicLR(o, 0.01, 0.1, 15, mode="triangular2", cycle_momentum=False)
        ),
        "CyclicLR exp_range": rates(
            lambda o: lr.CyclicLR(o, 0.01, 0.1, 20, mode="exp_range", gamma=0.98, cycle_momentum=False)
        ),
        "SequentialLR": rates(
            lambda o: lr.SequentialLR(
                o, [lr.LinearLR(o, 0.1, 1.0, 10), lr.CosineAnnealingLR(o, 110)], milestones=[10]
            )
        ),
    },
    "losses": LOSSES,
    "plateau": [
        {"options": {"patience": 2}, "rates": plateau(2)},
        {"options": {"patience": 3, "factor": 0.5}, "rates": plateau(3, factor=0.5)},
        {"options": {"patience": 1, "cooldown": 2}, "rates": plateau(1, cooldown=2)},
        {"options": {"patience": 2, "minLearningRate": 0.004}, "rates": plateau(2, minimum=0.004)},
        {"options": {"patience": 2, "minDelta": 0}, "rates": plateau(2, delta=0)},
    ],
}
path = Path(__file__).parent / "fixtures" / "torch-schedulers.json"
path.write_text(json.dumps(fixture) + "\n")
