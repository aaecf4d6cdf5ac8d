"""Writes fixtures/stock.json: python stock.py"""

import numpy as np
from layer_fixture import case, keras, normal, write

L = keras.layers
steps = [normal(2, 5, 3)]
image = [normal(2, 5, 4, 3)]
volume = [normal(2, 3, 4, 3, 2)]
two = [normal(2, 4, 3), normal(2, 4, 3, seed=4)]
vector = [normal(2, 4)]
ids = [np.array([[1, 3, 1], [0, 2, 3]], dtype="int32")]
each = np.array([[[1, 0, 1]] * 5, [[1, 1, 0]] * 5], dtype=bool)

cases = {
    "activation": (lambda: L.Activation("tanh"), steps),
    "add": (lambda: L.Add(), two),
    "average": (lambda: L.Average(), two),
    "averagePooling1d": (lambda: L.AveragePooling1D(2), steps),
    "averagePooling2d": (lambda: L.AveragePooling2D((2, 3), strides=(1, 1)), image),
    "categoryEncoding": (lambda: L.CategoryEncoding(4), ids),
    "categoryEncoding that counts": (lambda: L.CategoryEncoding(4, output_mode="count"), ids),
    "categoryEncoding of each": (lambda: L.CategoryEncoding(4, output_mode="one_hot"), ids),
    "categoryEncoding of one": (lambda: L.CategoryEncoding(4, output_mode="one_hot"), [ids[0][:, :1]]),
    "centerCrop": (lambda: L.CenterCrop(2, 3), image),
    "centerCrop of smaller images": (lambda: L.CenterCrop(4, 7), image),
    "concatenate": (lambda: L.Concatenate(axis=1), two),
    "conv1d": (lambda: L.Conv1D(2, 3, padding="causal", dilation_rate=2), steps),
    "conv2d": (lambda: L.Conv2D(2, 3, strides=2, padding="same"), image),
    "conv2dTranspose": (lambda: L.Conv2DTranspose(2, 3, strides=2), image),
    "conv2dTranspose, same": (lambda: L.Conv2DTranspose(2, 3, strides=2, padding="same"), image),
    "conv3d": (lambda: L.Conv3D(2, 2, padding="same"), volume),
    "conv3dTranspose": (lambda: L.Conv3DTranspose(2, 2, strides=2), volume),
    "convLstm2d": (lambda: L.ConvLSTM2D(2, 2), volume),
    "cropping2D": (lambda: L.Cropping2D(((1, 2), (0, 1))), image),
    "dense": (lambda: L.Dense(2, activation="sigmoid"), steps),
    "depthwiseConv2d": (lambda: L.DepthwiseConv2D(3, depth_multiplier=2), image),
    "dot": (lambda: L.Dot(axes=2), two),
    "dot of unit vectors": (lambda: L.Dot(axes=2, normalize=True), two),
    "elu": (lambda: L.ELU(0.7), steps),
    "flatten": (lambda: L.Flatten(), image),
    "globalAveragePooling2d": (lambda: L.GlobalAveragePooling2D(), image),
    "globalMaxPooling2d": (lambda: L.GlobalMaxPooling2D(), image),
    "leakyReLU": (lambda: L.LeakyReLU(0.2), steps),
    "masking": (lambda: L.Masking(0.0), steps),
    "maxPooling1d": (lambda: L.MaxPooling1D(2, strides=1), steps),
    "maxPooling2d": (lambda: L.MaxPooling2D(2, padding="same"), image),
    "maximum": (lambda: L.Maximum(), two),
    "minimum": (lambda: L.Minimum(), two),
    "multiply": (lambda: L.Multiply(), two),
    "permute": (lambda: L.Permute((3, 1, 2)), image),
    "prelu": (lambda: L.PReLU(shared_axes=[1]), steps),
    "reLU": (lambda: L.ReLU(max_value=0.8), steps),
    "repeatVector": (lambda: L.RepeatVector(3), vector),
    "rescaling": (lambda: L.Rescaling(0.5, offset=-1.0), image),
    "reshape": (lambda: L.Reshape((6, -1)), image),
    "resizing": (lambda: L.Resizing(3, 6), image),
    "resizing to the nearest": (lambda: L.Resizing(7, 3, interpolation="nearest"), image),
    "resizing without stretching": (lambda: L.Resizing(3, 6, crop_to_aspect_ratio=True), image),
    "separableConv2d": (lambda: L.SeparableConv2D(2, 3, depth_multiplier=2), image),
    "softmax": (lambda: L.Softmax(), steps),
    "softmax of an inner axis": (lambda: L.Softmax(axis=1), steps),
    "softmax of two axes": (lambda: L.Softmax(axis=[1, 2]), steps),
    "upSampling2d": (lambda: L.UpSampling2D((2, 3)), image),
    "zeroPadding2d": (lambda: L.ZeroPadding2D((1, 2)), image),
}
fixtures = {name: case(make, inputs) for name, (make, inputs) in cases.items()}
fixtures["softmax, masked"] = case(lambda: L.Softmax(), steps, mask=each)
fixtures["convLstm2d, masked"] = case(lambda: L.ConvLSTM2D(2, 2, return_sequences=True), volume, mask=np.array([[1, 0, 1], [0, 1, 0]], dtype=bool))
fixtures["depthwiseConv2d"]["weights"][0]["name"] = "depthwise_kernel"  # as TensorFlow.js calls it
write("stock", fixtures)
