"""Writes fixtures/pooling.json: python pooling.py"""

from layer_fixture import case, keras, normal, write

L = keras.layers
volumes = [normal(2, 3, 2, 4, 2)]

write(
    "pooling",
    {
        "globalAveragePooling1d": case(lambda: L.GlobalAveragePooling1D(), [normal(2, 5, 3)]),
        "globalMaxPooling1d": case(lambda: L.GlobalMaxPooling1D(), [normal(2, 5, 3)]),
        "globalAveragePooling3d": case(lambda: L.GlobalAveragePooling3D(), volumes),
        "globalAveragePooling3d of channels first": case(lambda: L.GlobalAveragePooling3D(data_format="channels_first", keepdims=True), volumes),
        "globalMaxPooling3d": case(lambda: L.GlobalMaxPooling3D(), volumes),
        "maxPooling3d": case(lambda: L.MaxPooling3D(2), volumes),
        "averagePooling3d": case(lambda: L.AveragePooling3D((1, 2, 2)), volumes),
    },
)
