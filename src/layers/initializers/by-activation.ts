import { checkOneOf } from "../../core/check.js";
import type { tf } from "../../engine/tf.js";
import type { Initializer } from "./initializer.js";
import { Orthogonal } from "./orthogonal.js";
import { type FanOptions, VarianceScaling } from "./variance-scaling.js";

const rectifiers = [
  "relu",
  "relu6",
  "leakyRelu",
  "prelu",
  "elu",
  "gelu",
  "gelu_new",
  "swish",
  "silu",
  "mish",
  "softplus",
];
const others = ["linear", "tanh", "sigmoid", "hardSigmoid", "hard_sigmoid", "softsign", "softmax", "logSoftmax"];
const known = [...rectifiers, "selu", ...others];

/**
 * The first weights that keep the spread of what goes through a layer, by the activation that follows its sums: uniform with variance
 * 2 / fanIn before a rectifier (He et al., ICCV 2015), normal with variance 1 / fanIn before `"selu"` (Klambauer et al., NeurIPS
 * 2017), uniform with variance 2 / (fanIn + fanOut) before anything else (Glorot & Bengio, AISTATS 2010).
 *
 * Layers of `layers` do so by themselves. It is for an activation that they do not see, because it is a layer of its own.
 *
 * @example
 * layers.conv2d({ filters: 16, kernelSize: 3, useBias: false, kernelInitializer: initializers.forActivation("relu") });
 */
export function forActivation(activation: string, options: FanOptions = {}): Initializer {
  return initializerBefore(checkOneOf("forActivation", "activation", activation, known), options);
}

function initializerBefore(activation: string, options: FanOptions = {}): Initializer {
  if (activation === "selu") return new VarianceScaling({ ...options });
  if (rectifiers.includes(activation)) return new VarianceScaling({ ...options, scale: 2, distribution: "uniform" });
  return new VarianceScaling({ ...options, mode: "fanAvg", distribution: "uniform" });
}

/** Which of its weights a layer starts with random numbers. */
export type LayerKind = "dense" | "depthwise" | "transposed" | "separable" | "recurrent";

interface Initialized {
  readonly activation?: unknown;
  readonly kernelInitializer?: unknown;
  readonly depthwiseInitializer?: unknown;
  readonly pointwiseInitializer?: unknown;
  readonly recurrentInitializer?: unknown;
}

/**
 * The config of a layer with the initializers that its activation asks for, where it has none.
 * @param kind - `"dense"` for dense layers and convolutions, grouped ones too. A `"recurrent"` layer has gates whatever its
 * activation, so it starts by Glorot, its recurrent kernel orthogonal.
 */
export function withAutomaticInitializer<Config extends object>(config: Config, kind: LayerKind = "dense"): Config {
  return { ...automatic(config, kind), ...given(config) };
}

function automatic({ activation }: Initialized, kind: LayerKind): Initialized {
  const before = (options?: FanOptions) => initializerBefore(nameOf(activation), options);
  switch (kind) {
    case "dense":
      return { kernelInitializer: before() };
    case "depthwise":
      return { depthwiseInitializer: before({ kernel: "depthwise" }) };
    case "transposed":
      return { kernelInitializer: before({ kernel: "transposed" }) };
    case "separable": // nothing between its two convolutions
      return {
        depthwiseInitializer: initializerBefore("linear", { kernel: "depthwise" }),
        pointwiseInitializer: before(),
      };
    case "recurrent":
      return { kernelInitializer: initializerBefore("linear"), recurrentInitializer: new Orthogonal() };
  }
}

/** Keeps what is set, so that `kernelInitializer: undefined` is as if it were not there. */
function given<Config extends object>(config: Config): Config {
  return Object.fromEntries(
    Object.entries(config).filter(([, value]) => value !== undefined && value !== null),
  ) as Config;
}

function nameOf(activation: unknown): string {
  if (typeof activation === "string") return activation;
  return activation ? (activation as tf.serialization.Serializable).getClassName() : "linear";
}
