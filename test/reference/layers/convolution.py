"""Writes fixtures/convolution.json: python convolution.py"""

from layer_fixture import case, keras, normal, write

L = keras.layers

write(
    "convolution",
    {
        "groupedConv2d": case(lambda: L.Conv2D(6, (3, 2), groups=2, padding="same", activation="tanh"), [normal(2, 5, 4, 4)]),
        "groupedConv2d with strides": case(lambda: L.Conv2D(6, 3, groups=3, strides=2, padding="same", activation="tanh", use_bias=False), [normal(2, 6, 5, 6)]),
        "groupedConv2d of single channels": case(lambda: L.Conv2D(8, 3, groups=4), [normal(2, 4, 5, 4)]),
        "groupedConv2d of single channels, two strides": case(lambda: L.Conv2D(4, 2, groups=2, strides=(1, 2)), [normal(2, 4, 5, 2)]),
        "groupedConv2d, dilated": case(lambda: L.Conv2D(4, 2, groups=2, dilation_rate=2), [normal(2, 5, 5, 4)]),
        "groupedConv2d of channels first": case(lambda: L.Conv2D(4, 2, groups=2, data_format="channels_first"), [normal(2, 4, 3, 5)]),
        "groupedConv1d": case(lambda: L.Conv1D(6, 3, groups=2, strides=2, padding="same", activation="tanh"), [normal(2, 7, 4)]),
        "groupedConv1d, causal": case(lambda: L.Conv1D(4, 2, groups=2, dilation_rate=2, padding="causal"), [normal(2, 6, 4)]),
        "separableConv1d": case(lambda: L.SeparableConv1D(5, 3, depth_multiplier=2, padding="same", activation="tanh"), [normal(2, 6, 3)]),
        "separableConv1d with strides": case(lambda: L.SeparableConv1D(4, 2, strides=2, use_bias=False), [normal(2, 7, 3)]),
        "separableConv1d, dilated": case(lambda: L.SeparableConv1D(4, 2, dilation_rate=2), [normal(2, 7, 3)]),
        "depthwiseConv1d": case(lambda: L.DepthwiseConv1D(3, depth_multiplier=2, padding="same", activation="tanh"), [normal(2, 6, 3)]),
        "depthwiseConv1d with strides": case(lambda: L.DepthwiseConv1D(2, strides=2, use_bias=False), [normal(2, 7, 3)]),
        "depthwiseConv1d, dilated": case(lambda: L.DepthwiseConv1D(2, dilation_rate=2), [normal(2, 7, 3)]),
        "zeroPadding1d": case(lambda: L.ZeroPadding1D((2, 1)), [normal(2, 4, 3)]),
        "zeroPadding3d": case(lambda: L.ZeroPadding3D(((1, 0), (2, 1), (0, 3))), [normal(2, 2, 3, 2, 2)]),
        "zeroPadding3d of channels first": case(lambda: L.ZeroPadding3D((1, 0, 2), data_format="channels_first"), [normal(2, 2, 2, 3, 2)]),
        "cropping1d": case(lambda: L.Cropping1D((2, 1)), [normal(2, 6, 3)]),
        "cropping3d": case(lambda: L.Cropping3D(((1, 0), (2, 1), (0, 1))), [normal(2, 2, 4, 3, 2)]),
        "cropping3d of channels first": case(lambda: L.Cropping3D(1, data_format="channels_first"), [normal(2, 2, 3, 4, 3)]),
        "upSampling1d": case(lambda: L.UpSampling1D(3), [normal(2, 4, 3)]),
        "upSampling3d": case(lambda: L.UpSampling3D((2, 1, 3)), [normal(2, 2, 3, 2, 2)]),
        "upSampling3d of channels first": case(lambda: L.UpSampling3D(2, data_format="channels_first"), [normal(2, 2, 2, 1, 2)]),
    },
)
