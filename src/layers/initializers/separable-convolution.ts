import { tf } from "../../engine/tf.js";
import { withAutomaticInitializer } from "./by-activation.js";

type SeparableConfig = Parameters<typeof tf.layers.separableConv2d>[0];
type Identifier = NonNullable<SeparableConfig["pointwiseInitializer"]>;

/** TensorFlow.js starts the pointwise convolution by the initializer of the depthwise one, whatever it is told. */
export function separableConv2d(config: SeparableConfig): ReturnType<typeof tf.layers.separableConv2d> {
  const complete = withAutomaticInitializer(config, "separable");
  const layer = tf.layers.separableConv2d(complete);
  return Object.assign(layer, { pointwiseInitializer: initializerOf(complete.pointwiseInitializer!) });
}

/** What a name or a saved config stands for; TensorFlow.js knows it within a layer only. */
function initializerOf(kernelInitializer: Identifier): unknown {
  const layer = tf.layers.dense({ units: 1, kernelInitializer });
  return (layer as unknown as { readonly kernelInitializer: unknown }).kernelInitializer;
}
