"""Writes fixtures/wrappers.json: python wrappers.py"""

from layer_fixture import case, keras, normal, write

L = keras.layers

write(
    "wrappers",
    {
        "subtract": case(lambda: L.Subtract(), [normal(2, 3, 4), normal(2, 3, 4, seed=4)]),
        "subtract with an axis of 1": case(lambda: L.Subtract(), [normal(2, 3, 4), normal(2, 1, 4, seed=4)]),
        "lambda": case(lambda: L.Lambda(lambda x: keras.ops.flip(x, 1) * keras.ops.sigmoid(x)), [normal(2, 3, 4)]),
    },
)
