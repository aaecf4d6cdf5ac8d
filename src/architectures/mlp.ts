import { checkNumber, checkOneOf, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { RandomStream } from "../core/random.js";
import { tf } from "../engine/tf.js";

const activations = ["relu", "elu", "selu", "gelu", "swish", "tanh", "sigmoid"] as const;

export interface MlpOptions {
  /** Columns of `x`. */
  readonly inputs: number;
  /** Classes to tell apart, or numbers to predict; 1 for a yes-or-no question. */
  readonly outputs: number;
  /** Units of each hidden layer; `[]` for a linear model. @default [32, 16] */
  readonly hidden?: readonly number[];
  /** Of the hidden layers. @default "relu" */
  readonly activation?: (typeof activations)[number];
  /** Share of each hidden layer's outputs that a training step leaves out, from 0 to below 1. @default 0 */
  readonly dropout?: number;
  /** Weight of the squared kernel weights in the loss, from 0. @default 0 */
  readonly l2?: number;
  /** Batch normalisation between each hidden layer and its activation. @default false */
  readonly batchNorm?: boolean;
  /** Of the first weights. @default 0 */
  readonly seed?: number;
}

/**
 * A multilayer perceptron: dense layers, the last one without an activation. For classes its outputs are logits, which the
 * losses of {@link fit} take; `predict` turns them into probabilities.
 *
 * Weights start uniform with variance 2 / fanIn before a rectifier (He et al., ICCV 2015) and 2 / (fanIn + fanOut) before
 * anything else (Glorot & Bengio, AISTATS 2010). The same seed gives the same weights, bit for bit.
 *
 * @example
 * const model = mlp({ inputs: 6, outputs: 3, hidden: [32, 16], dropout: 0.1 });
 */
export function mlp(options: MlpOptions): tf.LayersModel {
  const { hidden, activation, dropout, l2, batchNorm, seed, ...size } = checked(options);
  const seeds = RandomStream.of(seed, "init");
  const isRectifier = activation !== "tanh" && activation !== "sigmoid";
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [size.inputs], name: "input" }));
  hidden.forEach((units, i) => {
    const name = `hidden${i + 1}`;
    const kernelInitializer = initializer(isRectifier, seeds);
    const dense = { units, kernelInitializer, ...penalty(l2), name };
    if (batchNorm) {
      model.add(tf.layers.dense({ ...dense, useBias: false }));
      model.add(tf.layers.batchNormalization({ name: `${name}_norm` }));
      model.add(tf.layers.activation({ activation, name: `${name}_${activation}` }));
    } else {
      model.add(tf.layers.dense({ ...dense, activation }));
    }
    if (dropout > 0) model.add(tf.layers.dropout({ rate: dropout, name: `${name}_dropout` }));
  });
  const kernelInitializer = initializer(false, seeds);
  model.add(tf.layers.dense({ units: size.outputs, kernelInitializer, ...penalty(l2), name: "output" }));
  return model;
}

function initializer(isRectifier: boolean, seeds: RandomStream) {
  const seed = 1 + seeds.integer(2 ** 31 - 1); // TensorFlow.js takes 0 for "no seed"
  return isRectifier ? tf.initializers.heUniform({ seed }) : tf.initializers.glorotUniform({ seed });
}

function penalty(l2: number) {
  return l2 > 0 ? { kernelRegularizer: tf.regularizers.l2({ l2 }) } : {};
}

function checked(options: MlpOptions): Required<MlpOptions> {
  const { hidden = [32, 16], activation = "relu", dropout = 0, l2 = 0, batchNorm = false, seed = 0 } = options;
  if (!Array.isArray(hidden)) {
    throw new OptionError(
      `mlp: hidden must be an array with the units of each layer, like [32, 16], got ${show(hidden)}.`,
    );
  }
  const count = { integer: true, atLeast: 1 };
  hidden.forEach((units, i) => {
    checkNumber("mlp", `hidden[${i}]`, units, count);
  });
  return {
    inputs: checkNumber("mlp", "inputs", options.inputs, { ...count, advice: "Pass the columns of x: x.nColumns." }),
    outputs: checkNumber("mlp", "outputs", options.outputs, { ...count, advice: "Pass the number of classes." }),
    hidden,
    activation: checkOneOf("mlp", "activation", activation, activations),
    dropout: checkNumber("mlp", "dropout", dropout, { atLeast: 0, below: 1 }),
    l2: checkNumber("mlp", "l2", l2, { atLeast: 0 }),
    batchNorm,
    seed: checkNumber("mlp", "seed", seed, { integer: true }),
  };
}
