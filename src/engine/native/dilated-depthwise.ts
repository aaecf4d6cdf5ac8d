// TensorFlow's gradients of depthwise convolutions pass over the dilation and are then of another convolution. A dilated
// filter is a larger one with zeros between its values, so that is what they get.
import tf = require("../parts.cjs");

type Attrs = Readonly<Record<string, unknown>> & {
  readonly dilations: number | [number, number];
  readonly filterShape: [number, number, number, number];
};

export function correctDilatedGradients(): void {
  replaceKernel("DepthwiseConv2dNativeBackpropInput", (stock, { inputs, attrs, backend }) => {
    const filter = spread(inputs.filter as tf.Tensor4D, dilationsOf(attrs as Attrs));
    const own = { ...attrs, dilations: 1, filterShape: filter.shape };
    return stock({ inputs: { dy: inputs.dy!, filter }, attrs: own, backend }) as tf.Tensor;
  });
  replaceKernel("DepthwiseConv2dNativeBackpropFilter", (stock, { inputs, attrs, backend }) => {
    const [down, right] = dilationsOf(attrs as Attrs);
    const [height, width, channels, multiplier] = (attrs as Attrs).filterShape;
    const shape = [(height - 1) * down + 1, (width - 1) * right + 1, channels, multiplier];
    const gradient = stock({ inputs, attrs: { ...attrs, dilations: 1, filterShape: shape }, backend }) as tf.Tensor;
    return tf.stridedSlice(gradient, [0, 0, 0, 0], shape, [down, right, 1, 1]);
  });
}

type Arguments = Parameters<tf.KernelFunc>[0];

/** Puts `own` in the place of a kernel where there is a dilation. */
function replaceKernel(kernelName: string, own: (stock: tf.KernelFunc, given: Arguments) => tf.Tensor): void {
  const backendName = "tensorflow";
  const stock = tf.getKernel(kernelName, backendName).kernelFunc;
  tf.unregisterKernel(kernelName, backendName);
  const kernelFunc: tf.KernelFunc = (given) => {
    if (Math.max(...dilationsOf(given.attrs as unknown as Attrs)) === 1) return stock(given);
    return tf.tidy(() => own(stock, given));
  };
  tf.registerKernel({ kernelName, backendName, kernelFunc });
}

function dilationsOf({ dilations }: Attrs): [down: number, right: number] {
  return Array.isArray(dilations) ? dilations : [dilations, dilations];
}

/** The filter with zeros between its values. */
function spread(filter: tf.Tensor4D, [down, right]: [number, number]): tf.Tensor4D {
  const [height, width, channels, multiplier] = filter.shape;
  const cells = tf.pad(tf.reshape(filter, [height, 1, width, 1, channels * multiplier]), [
    [0, 0],
    [0, down - 1],
    [0, 0],
    [0, right - 1],
    [0, 0],
  ]);
  const padded = tf.reshape(cells, [height * down, width * right, channels, multiplier]);
  const shape = [(height - 1) * down + 1, (width - 1) * right + 1, channels, multiplier];
  return tf.slice(padded, [0, 0, 0, 0], shape) as tf.Tensor4D;
}
