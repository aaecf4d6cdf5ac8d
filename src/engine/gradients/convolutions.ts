import { setGradient } from "./gradient.js";

import tf = require("../parts.cjs");

const { gradFunc: stockConv2d } = tf.getGradient("Conv2D");

// TensorFlow.js has no gradient of a dilated convolution. Its stride is 1 (one of the two must be), so by the filter it is
// a convolution with the dilation as its stride, and by the input one with the flipped filter and the same dilation.
setGradient("Conv2D", { inputs: ["x", "filter"] }, (dy, [x, filter], attrs) => {
  const { strides, pad, dataFormat, dilations, dimRoundingMode } = attrs as tf.Conv2DAttrs;
  const isPlain = [dilations].flat().every((dilation) => dilation === 1);
  if (isPlain || dataFormat === "NCHW") return stockConv2d(dy, [x!, filter!], attrs as never) as never;
  const [images, weights, output] = [x, filter, dy] as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  const info = tf.backend_util.computeConv2DInfo(images.shape, weights.shape, strides, dilations, pad, dimRoundingMode);
  const { padInfo, effectiveFilterHeight, effectiveFilterWidth, filterHeight, filterWidth } = info;
  const { top, bottom, left, right } = padInfo;
  return {
    x: () => {
      // Padded by the whole filter, so that no padding of the forward pass is too much; then cut to size.
      const [rows, columns] = [effectiveFilterHeight - 1, effectiveFilterWidth - 1];
      const padded = tf.pad4d(output, [
        [0, 0],
        [rows, Math.max(rows, info.inHeight + top - info.outHeight)],
        [columns, Math.max(columns, info.inWidth + left - info.outWidth)],
        [0, 0],
      ]);
      const flipped = tf.transpose(tf.reverse(weights, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
      return tf.slice(tf.conv2d(padded, flipped, 1, "valid", "NHWC", dilations), [0, top, left, 0], images.shape);
    },
    filter: () => {
      const padded = tf.pad4d(images, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]);
      const exchanged = tf.transpose(padded, [3, 1, 2, 0]) as tf.Tensor4D;
      const kernel = tf.transpose(output, [1, 2, 0, 3]) as tf.Tensor4D;
      const product = tf.conv2d(exchanged, kernel, dilations, "valid");
      const size = [info.inChannels, filterHeight, filterWidth, info.outChannels];
      return tf.transpose(tf.slice(product, [0, 0, 0, 0], size), [1, 2, 0, 3]);
    },
  };
});

// The kernels know dilations; only the gradient of TensorFlow.js refuses them.
setGradient("DepthwiseConv2dNative", { inputs: ["x", "filter"] }, (dy, [x, filter], attrs) => {
  const { strides, pad, dilations, dimRoundingMode } = attrs as tf.DepthwiseConv2dNativeAttrs;
  const options = { strides, pad, dilations: dilations ?? [1, 1], ...(dimRoundingMode && { dimRoundingMode }) };
  const run = (kernelName: string, inputs: tf.NamedTensorMap, own: tf.NamedAttrMap): tf.Tensor =>
    tf.engine().runKernel(kernelName, inputs, { ...options, ...own });
  return {
    x: () =>
      run("DepthwiseConv2dNativeBackpropInput", { dy, filter: filter! }, { inputShape: x!.shape } as tf.NamedAttrMap),
    filter: () =>
      run("DepthwiseConv2dNativeBackpropFilter", { x: x!, dy }, { filterShape: filter!.shape } as tf.NamedAttrMap),
  };
});

// A transposed convolution of volumes is this gradient, run forwards.
setGradient("Conv3DBackpropInputV2", { inputs: ["dy", "filter"] }, (ddx, [dy, filter], attrs) => {
  const { strides, pad } = attrs as tf.Conv3DBackpropInputV2Attrs;
  return {
    dy: () => tf.conv3d(ddx as tf.Tensor5D, filter as tf.Tensor5D, strides, pad),
    filter: () =>
      tf.engine().runKernel(
        "Conv3DBackpropFilterV2",
        { x: ddx, dy: dy! },
        {
          strides,
          pad,
          filterShape: filter!.shape,
        },
      ),
  };
});
