"""Writes fixtures/metrics.json: predictions, and what scikit-learn 1.9 makes of them, with and without weights.

python metrics.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics as sk

random = np.random.default_rng(0)
n = 61
weights = random.random(n) * 3 + 0.01


def rounded(values):
    """Few digits keep the file small, and equal scores are among them."""
    return np.round(values, 3)


def shares(true, n_classes, skill):
    scores = random.normal(size=(n, n_classes))
    scores[np.arange(n), true] += skill
    p = rounded(np.exp(scores) / np.exp(scores).sum(1, keepdims=True))
    p[:, 0] += 1 - p.sum(1)
    return p


four = random.choice(4, n, p=[0.4, 0.3, 0.2, 0.1])
four_p = shares(four, 4, 1.2)
four_p[0] = [0, 0, 0, 0]
four_p[0][(four[0] + 1) % 4] = 1
yes = random.choice(2, n, p=[0.7, 0.3])
yes_p = rounded(shares(yes, 2, 1)[:, 1])
numbers = random.normal(100, 20, n)
columns = np.stack([random.normal(5, 1, n), random.normal(2000, 1, n)], 1)
quantiles = numbers[:, None] + np.array([-8, 0, 8]) + random.normal(0, 5, (n, 3))

data = {
    "classes": {"yTrue": four, "yPred": four_p.argmax(1), "probabilities": four_p},
    "answers": {"yTrue": yes, "yPred": (yes_p > 0.5).astype(int), "probabilities": yes_p},
    "numbers": {"yTrue": numbers, "yPred": numbers + random.normal(1, 5, n)},
    "columns": {"yTrue": columns, "yPred": columns + random.normal(0.1, 0.5, (n, 2))},
    "quantiles": {"yTrue": numbers, "yPred": quantiles},
}

averages = ["macro", "micro", "weighted"]


def averaged(name, call, **more):
    cases = [(name, "answers", more, lambda d, **w: call(d["yTrue"], d["yPred"], **more, **w))]
    for average in averages:
        options = {**more, "average": average}
        cases.append((name, "classes", options, lambda d, o=options, **w: call(d["yTrue"], d["yPred"], **o, **w)))
    return cases


def labels(name, call, kinds=("classes", "answers"), **options):
    sklearn_options = {"weights" if k == "penalty" else k: v for k, v in options.items()}
    return [(name, kind, options, lambda d, **w: call(d["yTrue"], d["yPred"], **sklearn_options, **w)) for kind in kinds]


def probabilities(name, call, kinds=("classes", "answers"), **options):
    return [(name, kind, options, lambda d, **w: call(d["yTrue"], d["probabilities"], **w)) for kind in kinds]


def regression(name, call, kinds=("numbers", "columns"), **options):
    return [(name, kind, options, lambda d, **w: call(d["yTrue"], d["yPred"], **w)) for kind in kinds]


def roc_auc(multi_class, average):
    # scikit-learn has no weights for pairs of classes.
    def call(true, p, sample_weight=None):
        weight = None if multi_class == "ovo" else sample_weight
        return sk.roc_auc_score(true, p, multi_class=multi_class, average=average, sample_weight=weight)

    options = {"multiClass": multi_class, "average": average}
    return probabilities("rocAuc", call, ["classes"], **options)


def pinball(q):
    return lambda true, predicted, **w: sk.mean_pinball_loss(true, predicted, alpha=q, **w)


def pinballs(true, predicted, **w):
    return np.mean([pinball(q)(true, predicted[:, i], **w) for i, q in enumerate([0.1, 0.5, 0.9])])


cases = [
    *labels("accuracy", sk.accuracy_score),
    *labels("balancedAccuracy", sk.balanced_accuracy_score),
    *labels("balancedAccuracy", sk.balanced_accuracy_score, adjusted=True),
    *labels("matthewsCorrelation", sk.matthews_corrcoef),
    *labels("cohenKappa", sk.cohen_kappa_score),
    *labels("cohenKappa", sk.cohen_kappa_score, ["classes"], penalty="linear"),
    *labels("cohenKappa", sk.cohen_kappa_score, ["classes"], penalty="quadratic"),
    *averaged("precision", sk.precision_score),
    *averaged("recall", sk.recall_score),
    *averaged("f1", sk.f1_score),
    *averaged("fBeta", sk.fbeta_score, beta=2),
    *averaged("fBeta", sk.fbeta_score, beta=0.5),
    *averaged("jaccard", sk.jaccard_score),
    *probabilities("topKAccuracy", lambda t, p, **w: sk.top_k_accuracy_score(t, p, k=2, **w), ["classes"], k=2),
    *probabilities("topKAccuracy", lambda t, p, **w: sk.top_k_accuracy_score(t, p, k=1, **w), k=1),
    *probabilities("rocAuc", lambda t, p, **w: sk.roc_auc_score(t, p, **w), ["answers"]),
    *[case for average in averages for case in roc_auc("ovr", average)],
    *[case for average in ["macro", "weighted"] for case in roc_auc("ovo", average)],
    *probabilities("prAuc", sk.average_precision_score, ["answers"]),
    *[
        case
        for average in averages
        for case in probabilities(
            "prAuc",
            lambda t, p, a=average, **w: sk.average_precision_score(t, p, average=a, **w),
            ["classes"],
            average=average,
        )
    ],
    *probabilities("logLoss", sk.log_loss),
    *probabilities("perplexity", lambda t, p, **w: np.exp(sk.log_loss(t, p, **w))),
    *probabilities("brierScoreLoss", sk.brier_score_loss),
    *regression("meanSquaredError", sk.mean_squared_error),
    *regression("rootMeanSquaredError", sk.root_mean_squared_error),
    *regression("meanAbsoluteError", sk.mean_absolute_error),
    *regression("meanAbsolutePercentageError", sk.mean_absolute_percentage_error),
    *regression("meanSquaredLogarithmicError", sk.mean_squared_log_error),
    *regression("r2", sk.r2_score),
    *regression("explainedVariance", sk.explained_variance_score),
    *regression("quantileLoss", pinball(0.5)),
    *regression("quantileLoss", pinball(0.9), q=0.9),
    *regression("quantileLoss", pinballs, ["quantiles"], q=[0.1, 0.5, 0.9]),
]

fixture = {
    "madeWith": f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}",
    "weights": weights.tolist(),
    "data": {kind: {name: values.tolist() for name, values in parts.items()} for kind, parts in data.items()},
    "confusionMatrix": sk.confusion_matrix(four, four_p.argmax(1)).tolist(),
    "logLossOfFloat32": sk.log_loss(four, four_p.astype(np.float32)),
    "cases": [
        {
            "metric": metric,
            "data": kind,
            "options": options,
            "value": float(call(data[kind])),
            "weighted": float(call(data[kind], sample_weight=weights)),
        }
        for metric, kind, options, call in cases
    ],
}
path = Path(__file__).parent / "fixtures" / "metrics.json"
path.write_text(json.dumps(fixture) + "\n")
