import { checkNumber, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { applied, type BlockActivation, checkActivation } from "../layers/blocks/activation.js";
import { checkCount, checkShare } from "../layers/blocks/checks.js";
import { skip as around } from "../layers/blocks/skip.js";
import { forActivation } from "../layers/initializers/by-activation.js";
import { initializers } from "../layers/initializers/initializers.js";
import { regularizers } from "../layers/regularizers/regularizers.js";
import { checkEither, seeded } from "./checks.js";
import { checkOutputs, type NetOptions } from "./options.js";

export interface MlpOptions extends NetOptions {
  /** Columns of `x`. */
  readonly inputs: number;
  /** Units of each hidden layer; `[]` for a linear model. @default [32, 16] */
  readonly hidden?: readonly number[];
  /** Number of hidden layers, instead of `hidden`. @default 2 */
  readonly depth?: number;
  /** Units of each of `depth` hidden layers. @default 32 */
  readonly width?: number;
  /** Of the hidden layers. @default "relu" */
  readonly activation?: BlockActivation;
  /** Share of each hidden layer's outputs that a training step leaves out, from 0 to below 1. @default 0 */
  readonly dropout?: number;
  /** Weight of the squared kernel weights in the loss, from 0. @default 0 */
  readonly l2?: number;
  /** Batch normalisation between each hidden layer and its activation. @default false */
  readonly batchNorm?: boolean;
  /**
   * Leads what comes to each hidden layer but the first around it, before its activation, and adds it to what goes out, so that
   * deep nets train; where the sizes differ, through a dense layer without bias. @default false
   */
  readonly skip?: boolean;
}

/**
 * A multilayer perceptron: dense layers, the last one without an activation. For classes its outputs are logits, which the
 * losses of {@link fit} take; `predict` turns them into probabilities.
 *
 * Weights start by {@link initializers.forActivation}. With `skip`, layers that have a way around them start with that variance divided
 * by their number, so that the sum keeps its size however deep the net is (Hayou et al., Stable ResNet, AISTATS 2021). The same
 * seed gives the same weights, bit for bit.
 *
 * @example
 * const model = mlp({ inputs: 6, outputs: 3, hidden: [32, 16], dropout: 0.1 });
 * const deep = mlp({ inputs: 6, outputs: 3, depth: 30, width: 32, skip: true });
 */
export function mlp(options: MlpOptions): tf.LayersModel {
  const settings = checked(options);
  return seeded("mlp", settings.seed, () => (settings.skip ? residualNet(settings) : plainNet(settings)));
}

type Settings = Omit<Required<MlpOptions>, "depth" | "width">;

function plainNet(settings: Settings): tf.LayersModel {
  const { hidden, activation, batchNorm } = settings;
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [settings.inputs], name: "input" }));
  for (const i of hidden.keys()) {
    const dense = denseConfig(settings, i, 1);
    if (batchNorm) for (const layer of [tf.layers.dense(dense), ...activationLayers(settings, i)]) model.add(layer);
    else model.add(tf.layers.dense({ ...dense, activation }));
    for (const layer of dropoutLayers(settings, i)) model.add(layer);
  }
  model.add(outputLayer(settings));
  return model;
}

/** Around each hidden layer but the first: `x + dense(activation(x))`, whose last step can also take away. */
function residualNet(settings: Settings): tf.LayersModel {
  const { hidden, inputs } = settings;
  const share = 1 / Math.max(1, hidden.length - 1);
  const input = tf.input({ shape: [inputs], name: "input" });
  const through = (x: tf.SymbolicTensor, layers: readonly tf.layers.Layer[]) =>
    layers.reduce((x, layer) => applied(layer, x), x);
  let x = input;
  let between: tf.layers.Layer[] = [];
  for (const i of hidden.keys()) {
    const layers = [...between, tf.layers.dense(denseConfig(settings, i, i === 0 ? 1 : share))];
    x = i === 0 ? through(x, layers) : around((x) => through(x, layers), { name: `hidden${i + 1}` })(x);
    between = [...activationLayers(settings, i), ...dropoutLayers(settings, i)];
  }
  return tf.model({ inputs: input, outputs: through(x, [...between, outputLayer(settings)]) });
}

/** @param share - Of the variance that the first weights have elsewhere. */
function denseConfig({ hidden, activation, l2, batchNorm }: Settings, i: number, share: number) {
  const { scale, ...usual } = forActivation(activation).getConfig();
  const kernelInitializer = initializers.varianceScaling({ ...usual, scale: (scale as number) * share });
  return { units: hidden[i]!, useBias: !batchNorm, kernelInitializer, ...penalty(l2), name: `hidden${i + 1}` };
}

function activationLayers({ activation, batchNorm }: Settings, i: number): tf.layers.Layer[] {
  const name = `hidden${i + 1}`;
  const layer = tf.layers.activation({ activation, name: `${name}_${activation}` });
  return batchNorm ? [tf.layers.batchNormalization({ name: `${name}_norm` }), layer] : [layer];
}

function dropoutLayers({ dropout }: Settings, i: number): tf.layers.Layer[] {
  return dropout > 0 ? [tf.layers.dropout({ rate: dropout, name: `hidden${i + 1}_dropout` })] : [];
}

function outputLayer({ outputs, l2 }: Settings): tf.layers.Layer {
  const kernelInitializer = forActivation("linear");
  return tf.layers.dense({ units: outputs, kernelInitializer, ...penalty(l2), name: "output" });
}

function penalty(l2: number) {
  return l2 > 0 ? { kernelRegularizer: regularizers.l2({ l2 }) } : {};
}

function checked(options: MlpOptions): Settings {
  const { activation = "relu", dropout, l2 = 0, batchNorm = false, skip = false, seed = 0 } = options;
  checkEither("mlp", { hidden: options.hidden }, { depth: options.depth, width: options.width });
  const hidden = options.hidden ?? sameWidth(options);
  if (!Array.isArray(hidden)) {
    throw new OptionError(
      `mlp: hidden must be an array with the units of each layer, like [32, 16], got ${show(hidden)}.`,
    );
  }
  for (const [i, units] of hidden.entries()) checkCount("mlp", `hidden[${i}]`, units);
  return {
    inputs: checkCount("mlp", "inputs", options.inputs, "Pass the columns of x: x.nColumns."),
    outputs: checkOutputs("mlp", options.outputs),
    hidden,
    activation: checkActivation("mlp", activation),
    dropout: checkShare("mlp", "dropout", dropout),
    l2: checkNumber("mlp", "l2", l2, { atLeast: 0 }),
    batchNorm,
    skip,
    seed,
  };
}

function sameWidth({ depth, width }: MlpOptions): readonly number[] {
  if (depth === undefined && width === undefined) return [32, 16];
  const units = checkCount("mlp", "width", width ?? 32);
  return Array<number>(checkNumber("mlp", "depth", depth ?? 2, { integer: true, atLeast: 0 })).fill(units);
}
