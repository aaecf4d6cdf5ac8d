import { checkNumber } from "../../core/check.js";
import { OptionError, ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { withAutomaticInitializer } from "../initializers/by-activation.js";
import { only, register, rowText } from "../own-layer.js";
import { asImages, asKernel2d, finished, windowOf } from "./places.js";
import { type Class, Conv1D, Conv2D, type KernelConvolution } from "./stock-convolution.js";

interface Groups {
  readonly groups: number;
}

/** A convolution of TensorFlow.js whose filters see the channels of their group. */
function grouped(base: Class<KernelConvolution>, className: string) {
  return class extends base {
    static readonly className = className;
    readonly groups: number;

    constructor(config: Groups) {
      super(config);
      this.groups = checkNumber(this.name, "groups", config.groups, { integer: true, atLeast: 1 });
      if (this.filters % this.groups === 0) return;
      throw new OptionError(
        `${this.name}: filters must be a multiple of the ${this.groups} groups, got ${this.filters}. Each group has as many.`,
      );
    }

    override build(inputShape: tf.Shape | tf.Shape[]): void {
      const shape = [...(inputShape as tf.Shape)];
      const axis = this.dataFormat === "channelsFirst" ? 1 : shape.length - 1;
      const channels = shape[axis]!;
      if (channels % this.groups !== 0) {
        throw new ShapeError(
          `${this.name}: takes channels that are a multiple of its ${this.groups} groups, got ${channels} in ${rowText(shape)}. Use groups that divide ${channels}.`,
        );
      }
      shape[axis] = channels / this.groups;
      super.build(shape); // makes the kernel of one group's channels
      this.inputSpec = [{ ndim: shape.length, axes: { [axis]: channels } }];
    }

    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.tidy(() => {
        const isFirst = this.dataFormat === "channelsFirst";
        const given = only(inputs);
        const x = isFirst ? tf.transpose(given, [0, 2, 3, 1]) : given;
        const kernel = asKernel2d(this.kernel.read());
        const y = convolved(
          asImages(this.padding === "causal" ? this.padded(x) : x),
          kernel,
          this.groups,
          windowOf(this),
        );
        const result = finished(this, y, this.bias?.read());
        return isFirst ? tf.transpose(result, [0, 3, 1, 2]) : result;
      });
    }

    /** With the zeros before the first step that let no output see a later one. */
    padded(x: tf.Tensor): tf.Tensor {
      const [dilation] = windowOf(this).dilations;
      const before = (this.kernelSize[0]! - 1) * dilation;
      return tf.pad(x, [
        [0, 0],
        [before, 0],
        [0, 0],
      ]);
    }

    override getConfig(): tf.serialization.ConfigDict {
      return { ...super.getConfig(), groups: this.groups };
    }
  };
}

function convolved(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  groups: number,
  { strides, padding, dilations }: ReturnType<typeof windowOf>,
): tf.Tensor4D {
  const [height, width, channelsEach, filters] = kernel.shape;
  const isSteady = strides[0] === strides[1];
  if (channelsEach === 1 && isSteady) {
    const perChannel = tf.reshape<tf.Rank.R4>(kernel, [height, width, groups, filters / groups]);
    return tf.depthwiseConv2d<tf.Tensor4D>(x, perChannel, strides, padding, "NHWC", dilations);
  }
  const kernels = tf.split(kernel, groups, 3) as tf.Tensor4D[];
  const parts = tf.split<tf.Tensor4D>(x, groups, 3).map((part, group) => {
    return tf.conv2d<tf.Tensor4D>(part, kernels[group]!, strides, padding, "NHWC", dilations);
  });
  return tf.concat(parts, 3);
}

const GroupedConv1D = register(grouped(Conv1D, "GroupedConv1D"));
const GroupedConv2D = register(grouped(Conv2D, "GroupedConv2D"));

/** A `conv1d` of several groups: a class of its own. */
export function groupedConv1d(config: Parameters<typeof tf.layers.conv1d>[0] & Groups): tf.layers.Layer {
  return new GroupedConv1D(withAutomaticInitializer(config, "dense"));
}

/** A `conv2d` of several groups: a class of its own, whose kernel is that of Keras' `Conv2D(groups=...)`. */
export function groupedConv2d(config: Parameters<typeof tf.layers.conv2d>[0] & Groups): tf.layers.Layer {
  return new GroupedConv2D(withAutomaticInitializer(config, "dense"));
}
