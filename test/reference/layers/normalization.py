"""Writes fixtures/normalization.json: python normalization.py"""

import numpy as np
from layer_fixture import case, keras, normal, write

L = keras.layers
mask = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0], [1, 1, 1]], dtype=bool)


def conv():
    return L.Conv2D(3, 2, padding="same")


def inner_axis():
    """Keras on torch has LayerNormalization along the last axes only."""
    return keras.Sequential([L.Permute((2, 1)), L.LayerNormalization(epsilon=0.01), L.Permute((2, 1))])


write(
    "normalization",
    {
        "layerNormalization": case(lambda: L.LayerNormalization(), [normal(3, 4, 5)]),
        "layerNormalization of two axes": case(lambda: L.LayerNormalization(axis=[1, 2], epsilon=0.01), [normal(2, 3, 4)]),
        "layerNormalization of an inner axis": case(inner_axis, [normal(2, 3, 4)]),
        "layerNormalization without gamma": case(lambda: L.LayerNormalization(scale=False), [normal(3, 5)]),
        "layerNormalization without beta": case(lambda: L.LayerNormalization(center=False), [normal(3, 5)]),
        "layerNormalization of videos": case(lambda: L.LayerNormalization(), [normal(2, 2, 2, 2, 3)]),
        "batchNormalization": case(lambda: L.BatchNormalization(), [normal(4, 3, 2, 5)]),
        "batchNormalization, training": case(lambda: L.BatchNormalization(momentum=0.9), [normal(4, 3, 2, 5)], training=True),
        "batchNormalization, frozen": case(lambda: L.BatchNormalization(trainable=False), [normal(4, 3, 5)], training=True),
        "batchNormalization along the rows, training": case(lambda: L.BatchNormalization(axis=1), [normal(4, 3, 5)], training=True),
        "batchNormalization without gamma, training": case(lambda: L.BatchNormalization(scale=False), [normal(6, 5)], training=True),
        "batchNormalization without beta, training": case(lambda: L.BatchNormalization(center=False), [normal(6, 5)], training=True),
        "batchNormalization, masked": case(lambda: L.BatchNormalization(), [normal(4, 3, 5)], mask=mask),
        "batchNormalization, masked, training": case(lambda: L.BatchNormalization(momentum=0.9), [normal(4, 3, 5)], training=True, mask=mask),
        "batchNormalization along the rows, masked, training": case(lambda: L.BatchNormalization(axis=1, scale=False), [normal(4, 3, 5)], training=True, mask=mask),
        "batchNormalization of rows that are all masked, training": case(lambda: L.BatchNormalization(), [normal(4, 3, 5)], training=True, mask=np.zeros((4, 3), dtype=bool)),
        "batchNormalization, frozen, masked": case(lambda: L.BatchNormalization(trainable=False), [normal(4, 3, 5)], training=True, mask=mask),
        "groupNormalization": case(lambda: L.GroupNormalization(groups=2), [normal(2, 3, 3, 6)]),
        "groupNormalization of one axis": case(lambda: L.GroupNormalization(groups=3, axis=1, epsilon=0.01), [normal(2, 6, 4)]),
        "groupNormalization, one group": case(lambda: L.GroupNormalization(groups=1, scale=False), [normal(2, 4, 6)]),
        "instanceNormalization": case(lambda: L.GroupNormalization(groups=-1), [normal(2, 3, 3, 4)]),
        "rmsNormalization": case(lambda: L.RMSNormalization(), [normal(3, 4, 5)]),
        "rmsNormalization of two axes": case(lambda: L.RMSNormalization(axis=[1, 2], epsilon=0.01), [normal(3, 4, 5)]),
        "unitNormalization": case(lambda: L.UnitNormalization(), [normal(3, 4, 5)]),
        "unitNormalization of two axes": case(lambda: L.UnitNormalization(axis=[1, 2]), [normal(3, 4, 5)]),
        "batchNormalization of videos": case(lambda: L.BatchNormalization(), [normal(3, 2, 2, 2, 3)]),
        "batchNormalization of videos, training": case(lambda: L.BatchNormalization(), [normal(3, 2, 2, 2, 3)], training=True),
        "spectralNormalization of an embedding, training": case(lambda: L.SpectralNormalization(L.Embedding(6, 4)), [np.array([[0, 5, 2], [2, 2, 1]], dtype="int32")], training=True),
        "batchNormalization along the first axis of videos, training": case(lambda: L.BatchNormalization(axis=1), [normal(3, 3, 2, 2, 2)], training=True),
        "spectralNormalization": case(lambda: L.SpectralNormalization(L.Dense(4)), [normal(3, 5)]),
        "spectralNormalization, training": case(lambda: L.SpectralNormalization(L.Dense(4), power_iterations=2), [normal(3, 5)], training=True),
        "spectralNormalization of a convolution, training": case(lambda: L.SpectralNormalization(conv()), [normal(2, 4, 4, 2)], training=True),
    },
)
