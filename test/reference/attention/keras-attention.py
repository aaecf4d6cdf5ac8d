"""Writes fixtures/keras-attention.json: attention layers of Keras with every kind of mask, their values and gradients.

Made with keras 3.15 on torch: KERAS_BACKEND=torch python keras-attention.py
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch

L = keras.layers
random = np.random.default_rng(11)
N, T, S, D, E = 2, 4, 5, 6, 3


def draw(*shape):
    return random.normal(0, 1, shape).astype("float32")


def flat(array):
    return [round(float(value), 7) for value in np.asarray(array).ravel()]


def array(tensor):
    return {"shape": list(tensor.shape), "values": flat(tensor)}


QUERY_MASK = np.array([[1, 1, 1, 0], [1, 1, 0, 0]], dtype=bool)
VALUE_MASK = np.array([[1, 1, 1, 1, 0], [1, 0, 1, 1, 0]], dtype=bool)
EXPLICIT = np.array(random.integers(0, 2, (N, T, S)), dtype=bool)
EXPLICIT[0, 1] = False  # a query that sees nothing
SELF = np.array(random.integers(0, 2, (N, T, T)), dtype=bool)
SELF[:, :, 0] = True

MHA, GQA, DOT, ADD = "multiHeadAttention", "groupedQueryAttention", "attention", "additiveAttention"
heads = dict(num_heads=2, key_dim=3)
# name, factory, options of ours, Keras layer, input shapes, masks by input, explicit mask, causal
CASES = [
    ("self", MHA, dict(heads=2), L.MultiHeadAttention(**heads), [(N, T, D)], [None], None, False),
    ("self, causal", MHA, dict(heads=2, causal=True), L.MultiHeadAttention(**heads), [(N, T, D)], [None], None, True),
    ("self, padded", MHA, dict(heads=2), L.MultiHeadAttention(**heads), [(N, T, D)], [QUERY_MASK], None, False),
    ("self, padded and causal", MHA, dict(heads=2, causal=True), L.MultiHeadAttention(**heads), [(N, T, D)], [QUERY_MASK], None, True),
    ("self, explicit mask", MHA, dict(heads=2, attentionMask=True), L.MultiHeadAttention(**heads), [(N, T, D)], [None], SELF, False),
    ("cross", MHA, dict(heads=2, keySize=3, valueSize=4), L.MultiHeadAttention(**heads, value_dim=4), [(N, T, D), (N, S, E)], [None, None], None, False),
    ("cross, causal", MHA, dict(heads=2, keySize=3, causal=True), L.MultiHeadAttention(**heads), [(N, T, D), (N, S, D)], [None, None], None, True),
    ("cross, padded values", MHA, dict(heads=2, keySize=3), L.MultiHeadAttention(**heads), [(N, T, D), (N, S, E)], [None, VALUE_MASK], None, False),
    ("cross, both padded", MHA, dict(heads=2, keySize=3), L.MultiHeadAttention(**heads), [(N, T, D), (N, S, E)], [QUERY_MASK, VALUE_MASK], None, False),
    ("cross, explicit mask with a blind query", MHA, dict(heads=2, keySize=3, attentionMask=True), L.MultiHeadAttention(**heads), [(N, T, D), (N, S, E)], [None, None], EXPLICIT, False),
    ("key of its own, no bias", MHA, dict(heads=2, keySize=3, useBias=False), L.MultiHeadAttention(**heads, use_bias=False), [(N, T, D), (N, S, E), (N, S, D)], [None, None, None], None, False),
    ("grouped queries", GQA, dict(queryHeads=4, keyHeads=2, headSize=3), L.GroupQueryAttention(3, 4, 2), [(N, T, D)], [None], None, False),
    ("grouped queries, causal", GQA, dict(queryHeads=4, keyHeads=2, headSize=3, causal=True), L.GroupQueryAttention(3, 4, 2), [(N, T, D)], [None], None, True),
    ("dot", DOT, dict(), L.Attention(), [(N, T, D), (N, S, D)], [None, None], None, False),
    ("dot, scaled", DOT, dict(useScale=True), L.Attention(use_scale=True), [(N, T, D), (N, S, D)], [None, None], None, False),
    ("dot, causal and padded values", DOT, dict(causal=True), L.Attention(), [(N, T, D), (N, S, E), (N, S, D)], [None, VALUE_MASK, None], None, True),
    ("dot, both padded", DOT, dict(), L.Attention(), [(N, T, D), (N, S, D)], [QUERY_MASK, VALUE_MASK], None, False),
    ("additive", ADD, dict(), L.AdditiveAttention(), [(N, T, D), (N, S, D)], [None, None], None, False),
    ("additive without scale", ADD, dict(useScale=False), L.AdditiveAttention(use_scale=False), [(N, T, D), (N, S, D)], [None, None], None, False),
    ("additive, both padded", ADD, dict(), L.AdditiveAttention(), [(N, T, D), (N, S, D)], [QUERY_MASK, VALUE_MASK], None, False),
]


def torch_bool(mask):
    return None if mask is None else torch.tensor(mask)


def run(factory, layer, inputs, masks, explicit, causal):
    """Output and head weights. Dropout 0 and return_attention_scores take the path of Keras that masks by itself."""
    masks = [torch_bool(mask) for mask in masks]
    if factory in (DOT, ADD):
        return layer(inputs, mask=masks[:2], return_attention_scores=True, use_causal_mask=causal)
    query = inputs[0]
    value = inputs[1] if len(inputs) > 1 else query
    key = inputs[2] if len(inputs) > 2 else None
    keras.src.backend.set_keras_mask(query, masks[0])  # the layer asks the query itself
    return layer(
        query,
        value,
        key,
        value_mask=masks[1] if len(inputs) > 1 else masks[0],
        attention_mask=torch_bool(explicit),
        return_attention_scores=True,
        use_causal_mask=causal,
    )


fixture = {"keras": keras.__version__, "torch": torch.__version__, "cases": []}
for name, factory, options, layer, shapes, masks, explicit, causal in CASES:
    inputs = [torch.tensor(draw(*shape), requires_grad=True) for shape in shapes]
    run(factory, layer, inputs, masks, explicit, causal)
    for weight in layer.weights:
        weight.assign(random.normal(0, 0.5, weight.shape))
    output, scores = run(factory, layer, inputs, masks, explicit, causal)
    pull = draw(*output.shape)
    variables = [weight.value for weight in layer.trainable_weights]
    gradients = torch.autograd.grad((output * torch.tensor(pull)).sum(), inputs + variables)
    fixture["cases"].append(
        {
            "name": name,
            "factory": factory,
            "options": options,
            "inputs": [array(x.detach()) for x in inputs],
            "masks": [None if mask is None else array(mask.astype(int)) for mask in masks],
            "explicit": None if explicit is None else array(explicit.astype(int)),
            "weights": [{"path": weight.path.split("/", 1)[1], **array(weight.numpy())} for weight in layer.weights],
            "output": array(output.detach()),
            "scores": array(scores.detach()),
            "pull": flat(pull),
            "inputGradients": [flat(g) for g in gradients[: len(inputs)]],
            "weightGradients": [flat(g) for g in gradients[len(inputs) :]],
        }
    )
target = Path(__file__).parent / "fixtures/keras-attention.json"
target.parent.mkdir(exist_ok=True)
target.write_text(json.dumps(fixture))
