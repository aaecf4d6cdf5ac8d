"""Writes fixtures/insight.json: curves and calibration as scikit-learn 1.9 has them.

python insight.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.calibration import _TemperatureScaling, calibration_curve
from sklearn.metrics import precision_recall_curve, roc_curve

random = np.random.default_rng(0)
n = 120
yes = random.choice(2, n, p=[0.6, 0.4])
p = np.round(1 / (1 + np.exp(-3 * (random.normal(size=n) + yes - 0.5))), 2)
three = random.choice(3, n)
z = random.normal(size=(n, 3)) * 2
z[np.arange(n), three] += 1.5
shares = np.exp(z) / np.exp(z).sum(1, keepdims=True)
weights = random.random(n) + 0.1

fixture = {
    "madeWith": f"scikit-learn {sklearn.__version__}",
    "yes": yes.tolist(),
    "p": p.tolist(),
    "three": three.tolist(),
    "shares": shares.tolist(),
    "weights": weights.tolist(),
    "roc": [values[1:].tolist() for values in roc_curve(yes, p)],
    "weightedRoc": [values[1:].tolist() for values in roc_curve(yes, p, sample_weight=weights)],
    "precisionRecall": [values.tolist() for values in precision_recall_curve(yes, p)],
    "uniform": [values.tolist() for values in calibration_curve(yes, p, n_bins=7)],
    "quantile": [values.tolist() for values in calibration_curve(yes, p, n_bins=6, strategy="quantile")],
    "temperature": 1 / float(_TemperatureScaling().fit(shares, three).beta_),
    "weightedTemperature": 1 / float(_TemperatureScaling().fit(shares, three, weights).beta_),
}
path = Path(__file__).parent / "fixtures" / "insight.json"
path.write_text(json.dumps(fixture) + "\n")
