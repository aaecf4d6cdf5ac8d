"""What the layer contract of test/contracts/layer.ts compares with: outputs of a Keras layer and the gradients of their sum.

The sum weighs output number i with sin(1.7 i) + 0.3, so that no two outputs count the same. Made with keras 3.15.1 on
torch 2.14.1; a script beside this one calls `write` with its layers.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch

HERE = Path(__file__).parent


def array(values):
    """Seven digits are what a float32 has."""
    values = np.asarray(values, dtype="float64")
    return {"shape": list(values.shape), "values": [float(f"{v:.7g}") for v in values.ravel()]}


def numbers(tensor):
    return tensor.detach().cpu().numpy() if isinstance(tensor, torch.Tensor) else np.asarray(tensor)


def case(make, inputs, training=False, mask=None, weights=None, **call):
    """One layer, called once.

    make: gives the layer, or a function of tensors. inputs: arrays, the batch axis first. weights: from a name and a shape to
    values; None draws them. call: more arguments of the call.
    """
    layer = make()
    xs = [torch.tensor(x, requires_grad=x.dtype == np.float32) for x in inputs]
    argument = xs[0] if len(xs) == 1 else xs
    kwargs = dict(call)
    if mask is not None:
        kwargs["mask"] = torch.tensor(mask) if isinstance(mask, np.ndarray) else [None if m is None else torch.tensor(m) for m in mask]
    if getattr(layer, "_call_has_training_arg", True):
        kwargs["training"] = training
    layer(argument, **kwargs)  # builds it
    random = np.random.default_rng(5)
    for weight in layer.weights:
        if "seed" in weight.name:
            continue
        drawn = weights and weights(weight.name, weight.shape)
        if drawn is None:
            drawn = random.uniform(0.4, 1.6, weight.shape) if "variance" in weight.name or "gamma" in weight.name else random.normal(0, 0.5, weight.shape)
        weight.assign(drawn.astype("float32"))
    known = [weight for weight in layer.weights if "seed" not in weight.name]
    before = [numbers(weight.value).copy() for weight in known]
    outputs = layer(argument, **kwargs)
    outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    total = sum((o.flatten() * torch.tensor(np.sin(1.7 * np.arange(o.numel())) + 0.3, dtype=torch.float32)).sum() for o in outputs)
    total = total + sum(layer.losses) if layer.losses else total
    for weight in known:
        weight.value.grad = None
    for x in xs:
        x.grad = None
    if total.requires_grad:
        total.backward()
    gradient = lambda tensor: None if tensor.grad is None else array(numbers(tensor.grad))
    masks = None
    if mask is not None:
        masks = [None if m is None else array(np.asarray(m)) for m in (mask if isinstance(mask, list) else [mask])]
    return {
        "training": training,
        "inputs": [array(x) for x in inputs],
        **({"masks": masks} if masks else {}),
        "weights": [{"name": w.name, **array(b)} for w, b in zip(known, before)],
        "outputs": [array(numbers(o)) for o in outputs],
        "inputGradients": [gradient(x) for x in xs],
        "weightGradients": [gradient(w.value) if w.trainable else None for w in known],
        **({"weightsAfter": [array(numbers(w.value)) for w in known]} if training else {}),
        **({"losses": [float(numbers(loss)) for loss in layer.losses]} if layer.losses else {}),
    }


def write(name, cases):
    """Writes fixtures/NAME.json from `{ name: case(...) }`."""
    text = json.dumps({"madeWith": f"keras {keras.__version__} on torch {torch.__version__.split('+')[0]}", "cases": cases})
    (HERE / "fixtures").mkdir(exist_ok=True)
    (HERE / "fixtures" / f"{name}.json").write_text(text + "\n")


def normal(*shape, seed=3):
    """Rows as the contract likes them: around 0, of size 1."""
    return np.random.default_rng(seed).normal(0, 1, shape).astype("float32")
