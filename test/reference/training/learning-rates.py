"""Writes fixtures/learning-rates.json: what the rules of fastai 2.7 (callback/schedule.py, `valley` and `steep`) suggest for curves.

    python learning-rates.py
"""

import json
from pathlib import Path

import numpy as np


def valley(lrs, losses):
    n = len(losses)
    max_start, max_end = 0, 0
    lds = [1] * n
    for i in range(1, n):
        for j in range(0, i):
            if (losses[i] < losses[j]) and (lds[i] < lds[j] + 1):
                lds[i] = lds[j] + 1
            if lds[max_end] < lds[i]:
                max_end = i
                max_start = max_end - lds[max_end]
    sections = (max_end - max_start) / 3
    idx = max_start + int(sections) + int(sections / 2)
    return float(lrs[idx])


def steep(lrs, losses):
    grads = (losses[1:] - losses[:-1]) / np.diff(np.log(lrs))
    return float(lrs[np.argmin(grads)])


def curve(seed):
    random = np.random.default_rng(seed)
    rates = np.geomspace(1e-7, 10, 100)
    x = np.log10(rates)
    losses = 2.3 - 1.8 / (1 + np.exp(-2 * (x + 3))) + np.exp(3 * (x + 0.2)) * 0.2 + random.normal(0, 0.01, 100)
    judged = slice(10, -5)
    found = {"suggestion": valley(rates[judged], losses[judged]), "steepest": steep(rates[judged], losses[judged])}
    return {"rates": rates.tolist(), "losses": losses.tolist(), **found}


fixture = {"numpy": np.__version__, "curves": [curve(seed) for seed in range(5)]}
(Path(__file__).parent / "fixtures" / "learning-rates.json").write_text(json.dumps(fixture) + "\n")
