"""Writes fixtures/losses.json: values and gradients of losses, of Keras where it has them and otherwise of PyTorch.

In float64, so that what differs is the float32 of the losses under test. Keras cuts probabilities off at 1e-7, which no logits
beyond 15 survive; there the formulas of PyTorch stand, whose names begin with "torch".

    KERAS_BACKEND=torch python losses.py
"""

import json
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras
import numpy as np
import torch
import torch.nn.functional as F
from keras import losses as K

keras.config.set_floatx("float64")
torch.set_default_dtype(torch.float64)
random = np.random.default_rng(7)


def rounded(x, digits=4):
    return np.round(np.asarray(x, dtype="float64"), digits)


N, C, T = 6, 4, 3
NUMBERS, OUTPUTS = rounded(random.normal(0, 2, (N, C))), rounded(random.normal(0, 2, (N, C)))
COUNTS = random.integers(0, 6, (N, C)).astype("float64")
RATES = rounded(random.uniform(0.2, 5, (N, C)))
ANSWERS = (random.random((N, C)) > 0.5).astype("float64")
LABELS = random.integers(0, C, N)
SHARES = rounded(random.dirichlet(np.ones(C), N))
STEP_NUMBERS, STEP_OUTPUTS = rounded(random.normal(0, 2, (N, T, C))), rounded(random.normal(0, 2, (N, T, C)))
STEP_LABELS = random.integers(0, C, (N, T))
PADDED = STEP_LABELS.copy()
PADDED[0, 1:] = PADDED[3, 2:] = -1
MASK = (random.random((3, 4, 5, 2)) > 0.6).astype("float64")
PIXELS = rounded(random.normal(0, 2, (3, 4, 5, 2)))
GROUPS = np.array([0, 1, 0, 2, 1, 0, 3])
VECTORS = rounded(random.normal(0, 0.6, (7, 3)))
FAR = np.array([[40.0, -40, 0, 1], [-40, 40, 2, 0], [0, 0, 0, 0], [40, 40, -40, -40]])
FAR_LABELS = np.array([1, 1, 3, 2])
FAR_ANSWERS = np.array([[0.0, 1, 0, 1], [0, 1, 1, 0], [1, 0, 1, 0], [1, 0, 1, 0]])
SPOKEN = np.array([[1, 2, 2, 3], [3, 1, -1, -1], [2, -1, -1, -1], [-1, -1, -1, -1]])
SOUND = rounded(random.normal(0, 2, (4, 8, 4)))
OUTPUT_WEIGHTS = np.array([1, 0, 2, 0.5])


def one_hot(labels, n=C):
    return np.eye(n)[labels]


def columns(losses, scale=None):
    """The mean over the outputs, weighed."""
    return (losses * torch.tensor(OUTPUT_WEIGHTS)).sum(-1) / (scale or C)


def bce(y, z):
    return F.binary_cross_entropy_with_logits(z, y, reduction="none")


def focal_answers(y, z, gamma=2.0):
    p = torch.sigmoid(z)
    missed = y * torch.sigmoid(-z) + (1 - y) * p
    return (missed**gamma * bce(y, z)).mean(-1)


def focal_classes(y, z, gamma=2.0, alpha=0.25):
    log_p = F.log_softmax(z, -1)
    return -(y * alpha * (1 - log_p.exp()) ** gamma * log_p).sum(-1)


def huber_residuals(y, z):
    r = (z - y).abs()
    delta = float(1.345 * np.median(r.detach().numpy()) / 0.6745)
    return F.huber_loss(z, y, reduction="none", delta=delta).mean(-1)


def pinball(y, z, q):
    e = y - z
    q = torch.tensor(q)
    return torch.maximum(q * e, (q - 1) * e).mean(-1)


def overlap(y, p, alpha, beta, smooth, axes):
    hits = (y * p).sum(axes)
    return 1 - (hits + smooth) / (hits + alpha * ((1 - y) * p).sum(axes) + beta * (y * (1 - p)).sum(axes) + smooth)


def distance(a, b, kind):
    if kind == "cosine":
        return 1 - F.cosine_similarity(a, b, dim=0)
    squared = ((a - b) ** 2).sum()
    return squared if kind == "squared" else squared.sqrt()


def contrastive(groups, x, margin=1.0, kind="euclidean"):
    rows = []
    for i in range(len(x)):
        pairs = [
            distance(x[i], x[j], kind) ** 2
            if groups[i] == groups[j]
            else (margin - distance(x[i], x[j], kind)).clamp(min=0) ** 2
            for j in range(len(x))
            if j != i
        ]
        rows.append(torch.stack(pairs).mean())
    return torch.stack(rows)


def triplet(groups, x, mining, margin=1.0, kind="euclidean"):
    """The loss of each row that has a triplet, NaN for the others."""
    over = F.softplus if margin == "soft" else lambda lack: (lack + margin).clamp(min=0)
    rows = []
    for i in range(len(x)):
        own = [distance(x[i], x[j], kind) for j in range(len(x)) if j != i and groups[j] == groups[i]]
        other = [distance(x[i], x[j], kind) for j in range(len(x)) if groups[j] != groups[i]]
        if not own or not other:
            rows.append(torch.tensor(float("nan")))
        elif mining == "hard":
            rows.append(over(torch.stack(own).max() - torch.stack(other).min()))
        else:
            chosen = [min((d for d in other if d > near), default=max(other)) for near in own]
            rows.append(torch.stack([over(a - b) for a, b in zip(own, chosen)]).mean())
    return torch.stack(rows)


def tversky(y, z, axis=None):
    """0.3 for a false yes, 0.7 for a missed one: Keras 3.15 has its alpha and beta the other way round, against its words."""
    return K.Tversky(reduction=None, alpha=0.7, beta=0.3, axis=axis)(y, torch.sigmoid(z))


def ctc(labels, z, blank=0):
    lengths = torch.tensor([(row >= 0).sum() for row in SPOKEN])
    steps = torch.full((len(z),), z.shape[1])
    labels = torch.as_tensor(labels).clamp(min=0)
    log_p = F.log_softmax(z, -1).transpose(0, 1)
    return F.ctc_loss(log_p, labels, steps, lengths, blank=blank, reduction="none")


def keras_loss(make, **options):
    return lambda y, z: make(reduction=None, **options)(y, z)


def tensors(y):
    return torch.tensor(y) if isinstance(y, np.ndarray) else y


class Case:
    def __init__(self, loss, options, y, z, each, whole=None, weights=None):
        self.loss, self.options, self.y, self.z, self.each, self.whole, self.weights = (
            loss, options, y, z, each, whole, weights,
        )


answers = {"outputs": "answers"}
classes = {"outputs": "classes"}
CE = dict(from_logits=True)
CASES = {
    "meanSquaredError": Case("meanSquaredError", {}, NUMBERS, OUTPUTS, keras_loss(K.MeanSquaredError)),
    "meanSquaredError of steps": Case("meanSquaredError", {}, STEP_NUMBERS, STEP_OUTPUTS, keras_loss(K.MeanSquaredError)),
    "torch meanSquaredError, outputs weighed": Case(
        "meanSquaredError", {"outputWeights": OUTPUT_WEIGHTS.tolist()}, NUMBERS, OUTPUTS, lambda y, z: columns((z - y) ** 2)
    ),
    "meanAbsoluteError": Case("meanAbsoluteError", {}, NUMBERS, OUTPUTS, keras_loss(K.MeanAbsoluteError)),
    "meanAbsolutePercentageError": Case(
        "meanAbsolutePercentageError", {}, NUMBERS, OUTPUTS, keras_loss(K.MeanAbsolutePercentageError)
    ),
    "meanSquaredLogarithmicError": Case(
        "meanSquaredLogarithmicError", {}, COUNTS, RATES, keras_loss(K.MeanSquaredLogarithmicError)
    ),
    "torch rootMeanSquaredError": Case(
        "rootMeanSquaredError", {}, NUMBERS, OUTPUTS, lambda y, z: ((z - y) ** 2).mean(-1), whole=torch.sqrt
    ),
    "torch rootMeanSquaredError of steps": Case(
        "rootMeanSquaredError", {}, STEP_NUMBERS, STEP_OUTPUTS, lambda y, z: ((z - y) ** 2).mean(-1), whole=torch.sqrt
    ),
    "huber": Case("huber", {}, NUMBERS, OUTPUTS, keras_loss(K.Huber)),
    "huber with delta 2.5": Case("huber", {"delta": 2.5}, NUMBERS, OUTPUTS, keras_loss(K.Huber, delta=2.5)),
    "torch huber, delta from an even number of residuals": Case(
        "huber", {"delta": "residuals"}, NUMBERS, OUTPUTS, huber_residuals
    ),
    "torch huber, delta from an odd number of residuals": Case(
        "huber", {"delta": "residuals"}, NUMBERS[:5, :3], OUTPUTS[:5, :3], huber_residuals
    ),
    "logCosh": Case("logCosh", {}, NUMBERS, OUTPUTS, keras_loss(K.LogCosh)),
    "torch logCosh far away": Case(
        "logCosh", {}, np.zeros((4, 4)), FAR, lambda y, z: ((z - y).abs() + F.softplus(-2 * (z - y).abs()) - np.log(2)).mean(-1)
    ),
    "torch quantile": Case("quantile", {"q": 0.8}, NUMBERS, OUTPUTS, lambda y, z: pinball(y, z, 0.8)),
    "torch quantile, several": Case(
        "quantile",
        {"q": [0.05, 0.25, 0.5, 0.95]},
        NUMBERS[:, 0],
        OUTPUTS,
        lambda y, z: pinball(y[:, None], z, [0.05, 0.25, 0.5, 0.95]),
    ),
    "binaryCrossEntropy": Case("binaryCrossEntropy", {}, ANSWERS, OUTPUTS, keras_loss(K.BinaryCrossentropy, **CE)),
    "binaryCrossEntropy, smoothed": Case(
        "binaryCrossEntropy",
        {"labelSmoothing": 0.1},
        ANSWERS,
        OUTPUTS,
        keras_loss(K.BinaryCrossentropy, label_smoothing=0.1, **CE),
    ),
    "torch binaryCrossEntropy at 40 and -40": Case(
        "binaryCrossEntropy", {}, FAR_ANSWERS, FAR, lambda y, z: bce(y, z).mean(-1)
    ),
    "torch binaryCrossEntropy, outputs weighed": Case(
        "binaryCrossEntropy", {"outputWeights": OUTPUT_WEIGHTS.tolist()}, ANSWERS, OUTPUTS, lambda y, z: columns(bce(y, z))
    ),
    "crossEntropy of labels": Case("crossEntropy", {}, LABELS, OUTPUTS, keras_loss(K.SparseCategoricalCrossentropy, **CE)),
    "crossEntropy of labels of steps": Case(
        "crossEntropy", {}, STEP_LABELS, STEP_OUTPUTS, keras_loss(K.SparseCategoricalCrossentropy, **CE)
    ),
    "crossEntropy of shares": Case("crossEntropy", {}, SHARES, OUTPUTS, keras_loss(K.CategoricalCrossentropy, **CE)),
    "crossEntropy of shares, smoothed": Case(
        "crossEntropy",
        {"labelSmoothing": 0.2},
        SHARES,
        OUTPUTS,
        keras_loss(K.CategoricalCrossentropy, label_smoothing=0.2, **CE),
    ),
    "torch crossEntropy of labels, smoothed": Case(
        "crossEntropy",
        {"labelSmoothing": 0.2},
        LABELS,
        OUTPUTS,
        lambda y, z: F.cross_entropy(z, y, reduction="none", label_smoothing=0.2),
    ),
    "torch crossEntropy of shares without sum 1": Case(
        "crossEntropy", {}, SHARES * 1.5, OUTPUTS, lambda y, z: F.cross_entropy(z, y, reduction="none")
    ),
    "torch crossEntropy at 40 and -40": Case(
        "crossEntropy", {}, FAR_LABELS, FAR, lambda y, z: F.cross_entropy(z, y, reduction="none")
    ),
    "torch crossEntropy with padding": Case(
        "crossEntropy",
        {"ignoreLabel": -1},
        PADDED,
        STEP_OUTPUTS,
        lambda y, z: torch.where(
            y >= 0,
            F.cross_entropy(z.transpose(1, 2), y, reduction="none", ignore_index=-1),
            torch.tensor(float("nan")),
        ),
    ),
    "torch crossEntropy with a class left out, smoothed": Case(
        "crossEntropy",
        {"ignoreLabel": int(LABELS[0]), "labelSmoothing": 0.1},
        LABELS,
        OUTPUTS,
        lambda y, z: torch.where(
            y == int(LABELS[0]),
            torch.tensor(float("nan")),
            F.cross_entropy(z, y, reduction="none", label_smoothing=0.1),
        ),
    ),
    "focal of answers": Case("focal", {}, ANSWERS, OUTPUTS, keras_loss(K.BinaryFocalCrossentropy, **CE)),
    "focal of answers, balanced and smoothed": Case(
        "focal",
        {"gamma": 1.5, "alpha": 0.4, "classBalancing": True, "labelSmoothing": 0.1},
        ANSWERS,
        OUTPUTS,
        keras_loss(
            K.BinaryFocalCrossentropy, gamma=1.5, alpha=0.4, apply_class_balancing=True, label_smoothing=0.1, **CE
        ),
    ),
    "torch focal of answers at 40 and -40": Case("focal", {}, FAR_ANSWERS, FAR, focal_answers),
    "focal of classes": Case(
        "focal", classes, one_hot(LABELS), OUTPUTS, keras_loss(K.CategoricalFocalCrossentropy, **CE)
    ),
    "focal of classes, each with its alpha": Case(
        "focal",
        {"gamma": 3, "alpha": [0.1, 0.2, 0.3, 0.4], "labelSmoothing": 0.1, **classes},
        one_hot(LABELS),
        OUTPUTS,
        keras_loss(
            K.CategoricalFocalCrossentropy, gamma=3, alpha=np.array([0.1, 0.2, 0.3, 0.4]), label_smoothing=0.1, **CE
        ),
    ),
    "torch focal of labels": Case(
        "focal", classes, LABELS, OUTPUTS, lambda y, z: focal_classes(F.one_hot(y, C), z)
    ),
    "torch focal of classes at 40 and -40": Case(
        "focal", classes, FAR_LABELS, FAR, lambda y, z: focal_classes(F.one_hot(y, C), z)
    ),
    "dice": Case(
        "dice", {}, MASK, PIXELS, lambda y, z: K.Dice(reduction=None, axis=(1, 2, 3))(y, torch.sigmoid(z))
    ),
    "dice of the batch": Case(
        "dice", {"over": "batch"}, MASK, PIXELS, lambda y, z: K.Dice(reduction=None)(y, torch.sigmoid(z))
    ),
    "torch dice, each class": Case(
        "dice",
        {"perClass": True, "smooth": 1, **classes},
        MASK[..., 0].astype("int64"),
        PIXELS,
        lambda y, z: overlap(F.one_hot(y, 2), z.softmax(-1), 0.5, 0.5, 0.5, (1, 2)).mean(-1),
    ),
    "torch dice at 40 and -40": Case(
        "dice", {"smooth": 1}, FAR_ANSWERS, FAR, lambda y, z: overlap(y, torch.sigmoid(z), 0.5, 0.5, 0.5, 1)
    ),
    "tversky": Case(
        "tversky",
        {"alpha": 0.3, "beta": 0.7},
        MASK,
        PIXELS,
        lambda y, z: tversky(y, z, (1, 2, 3)),
    ),
    "tversky of the batch": Case(
        "tversky",
        {"alpha": 0.3, "beta": 0.7, "over": "batch"},
        MASK,
        PIXELS,
        tversky,
    ),
    "torch tversky of classes": Case(
        "tversky",
        {"alpha": 0.3, "beta": 0.7, **classes},
        one_hot(STEP_LABELS),
        STEP_OUTPUTS,
        lambda y, z: overlap(y, z.softmax(-1), 0.3, 0.7, 1e-7, (1, 2)),
    ),
    "hinge": Case("hinge", {}, ANSWERS, OUTPUTS, keras_loss(K.Hinge)),
    "squaredHinge": Case("squaredHinge", {}, ANSWERS, OUTPUTS, keras_loss(K.SquaredHinge)),
    "categoricalHinge": Case("categoricalHinge", {}, one_hot(LABELS), OUTPUTS, keras_loss(K.CategoricalHinge)),
    "klDivergence": Case(
        "klDivergence", {}, SHARES, OUTPUTS, lambda y, z: K.KLDivergence(reduction=None)(y, z.softmax(-1))
    ),
    "torch klDivergence at 40 and -40": Case(
        "klDivergence",
        {},
        one_hot(FAR_LABELS),
        FAR,
        lambda y, z: F.kl_div(F.log_softmax(z, -1), y, reduction="none").sum(-1),
    ),
    "torch poisson of log-rates": Case(
        "poisson", {}, COUNTS, OUTPUTS, lambda y, z: F.poisson_nll_loss(z, y, log_input=True, reduction="none").mean(-1)
    ),
    "poisson of rates": Case("poisson", {"yPred": "rates"}, COUNTS, RATES, keras_loss(K.Poisson)),
    "cosineSimilarity": Case("cosineSimilarity", {}, NUMBERS, OUTPUTS, keras_loss(K.CosineSimilarity)),
    "cosineSimilarity of steps": Case("cosineSimilarity", {}, STEP_NUMBERS, STEP_OUTPUTS, keras_loss(K.CosineSimilarity)),
    "torch contrastive": Case("contrastive", {}, GROUPS, VECTORS, contrastive),
    "torch contrastive, margin 0.7 of squared distances": Case(
        "contrastive", {"margin": 0.7, "distance": "squared"}, GROUPS, VECTORS, lambda y, z: contrastive(y, z, 0.7, "squared")
    ),
    "torch contrastive of angles": Case(
        "contrastive", {"distance": "cosine"}, GROUPS, VECTORS, lambda y, z: contrastive(y, z, 1.0, "cosine")
    ),
    "torch triplet, hard": Case("triplet", {"mining": "hard"}, GROUPS, VECTORS, lambda y, z: triplet(y, z, "hard")),
    "torch triplet, hard with a soft margin": Case(
        "triplet", {"mining": "hard", "margin": "soft"}, GROUPS, VECTORS, lambda y, z: triplet(y, z, "hard", "soft")
    ),
    "torch triplet, semi-hard": Case(
        "triplet", {"margin": 0.4}, GROUPS, VECTORS, lambda y, z: triplet(y, z, "semiHard", 0.4)
    ),
    "torch triplet, semi-hard of squared distances": Case(
        "triplet", {"distance": "squared"}, GROUPS, VECTORS, lambda y, z: triplet(y, z, "semiHard", 1.0, "squared")
    ),
    "torch ctc, blank first": Case("ctc", {}, SPOKEN, SOUND, ctc),
    "torch ctc, blank last": Case(
        "ctc", {"blank": "last"}, np.where(SPOKEN < 0, SPOKEN, SPOKEN - 1), SOUND, lambda y, z: ctc(y, z, blank=3)
    ),
    "torch ctc at 40 and -40": Case(
        "ctc", {}, SPOKEN, np.where(np.arange(8)[None, :, None] % 4 == np.arange(4), 40.0, -40.0) + 0 * SOUND, ctc
    ),
}


def weights_for(shape):
    n = shape[0]
    by_sample = np.array([0.5, 2, 0, 1, 3, 0.25, 1.5, 1])[:n]
    found = {"sample": by_sample}
    if len(shape) == 2:
        found["step"] = rounded(np.abs(np.sin(1.3 * np.arange(n * shape[1]))).reshape(shape))
    return found


def result(case, name, reduction, weights):
    z = torch.tensor(case.z, requires_grad=True)
    each = case.each(torch.as_tensor(case.y), z)
    if each.ndim == 0:
        value = each
    else:
        counts = ~torch.isnan(each)
        w = torch.ones_like(each) if weights is None else torch.tensor(weights)
        if w.ndim < each.ndim:
            w = w[:, None].expand(each.shape)
        total = (w * torch.where(counts, each, torch.zeros(()))).sum()
        value = {
            "mean": total / counts.sum(),
            "weightedMean": total / (w * counts).sum(),
            "sum": total,
        }[reduction]
        if case.whole:
            value = case.whole(value)
    (gradient,) = torch.autograd.grad(value, z)
    digits = lambda x: float(f"{x:.9g}")
    return {
        "reduction": reduction,
        **({"weights": weights.tolist()} if weights is not None else {}),
        "value": digits(float(value.detach())),
        "gradient": [digits(x) for x in gradient.numpy().ravel().tolist()],
    }


def written(case, name):
    each = case.each(torch.as_tensor(case.y), torch.tensor(case.z)).detach()
    results = [result(case, name, "mean", None)]
    if each.ndim > 0:
        weights = weights_for(tuple(each.shape))
        results += [result(case, name, reduction, weights["sample"]) for reduction in ["mean", "weightedMean", "sum"]]
        if "step" in weights and "outputWeights" not in case.options:
            results.append(result(case, name, "mean", weights["step"]))
            results.append(result(case, name, "weightedMean", weights["step"]))
    if "outputWeights" in case.options:
        results = [r for r in results if r["reduction"] != "weightedMean"]
    return {
        "name": name,
        "loss": case.loss,
        "options": case.options,
        "yTrue": case.y.tolist(),
        "yPred": case.z.tolist(),
        "results": results,
    }


target = Path(__file__).parent / "fixtures" / "losses.json"
lines = ",\n".join(json.dumps(written(case, name), separators=(",", ":")) for name, case in CASES.items())
made = f"keras {keras.__version__} on torch {torch.__version__}"
target.write_text(f'{{"madeWith":"{made}","cases":[\n{lines}\n]}}\n')
