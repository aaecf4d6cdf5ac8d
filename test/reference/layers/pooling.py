"""Writes fixtures/pooling.json: python pooling.py"""

import numpy as np
from layer_fixture import case, keras, normal, write

L = keras.layers
volumes = [normal(2, 3, 2, 4, 2)]

write(
    "pooling",
    {
        "globalAveragePooling1d": case(lambda: L.GlobalAveragePooling1D(), [normal(2, 5, 3)]),
        "globalAveragePooling1d, masked": case(lambda: L.GlobalAveragePooling1D(), [normal(2, 5, 3)], mask=np.array([[1, 1, 0, 1, 0], [0, 0, 0, 1, 0]], dtype=bool)),
        "globalAveragePooling1d with its axis, masked": case(lambda: L.GlobalAveragePooling1D(keepdims=True), [normal(2, 5, 3)], mask=np.array([[1, 1, 0, 1, 0], [0, 0, 0, 1, 0]], dtype=bool)),
        "globalAveragePooling1d with its axis": case(lambda: L.GlobalAveragePooling1D(keepdims=True), [normal(2, 5, 3)]),
        "globalMaxPooling1d with its axis": case(lambda: L.GlobalMaxPooling1D(keepdims=True), [normal(2, 5, 3)]),
        "globalAveragePooling2d with its axes": case(lambda: L.GlobalAveragePooling2D(keepdims=True), [normal(2, 3, 4, 2)]),
        "globalAveragePooling2d of channels first with its axes": case(lambda: L.GlobalAveragePooling2D(keepdims=True, data_format="channels_first"), [normal(2, 3, 4, 2)]),
        "globalMaxPooling2d with its axes": case(lambda: L.GlobalMaxPooling2D(keepdims=True), [normal(2, 3, 4, 2)]),
        "globalMaxPooling1d": case(lambda: L.GlobalMaxPooling1D(), [normal(2, 5, 3)]),
        "globalAveragePooling3d": case(lambda: L.GlobalAveragePooling3D(), volumes),
        "globalAveragePooling3d of channels first": case(lambda: L.GlobalAveragePooling3D(data_format="channels_first", keepdims=True), volumes),
        "globalMaxPooling3d": case(lambda: L.GlobalMaxPooling3D(), volumes),
        "maxPooling3d": case(lambda: L.MaxPooling3D(2), volumes),
        "averagePooling3d": case(lambda: L.AveragePooling3D((1, 2, 2)), volumes),
    },
)
