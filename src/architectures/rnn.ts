import { checkOneOf, show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { applied } from "../layers/blocks/activation.js";
import { checkCount, checkShare } from "../layers/blocks/checks.js";
import { forActivation } from "../layers/initializers/by-activation.js";
import { initializers } from "../layers/initializers/initializers.js";
import { checkCounts, checkEither, seeded } from "./checks.js";
import { checkOutputs, type NetOptions } from "./options.js";

export interface RnnOptions extends NetOptions {
  /** Of one sequence: steps and features of each; `null` steps for sequences of any length. */
  readonly inputShape?: readonly [steps: number | null, features: number];
  /** Instead of `inputShape`, for sequences of whole numbers below this: words, letters. */
  readonly vocabulary?: number;
  /** Steps of a sequence of a `vocabulary`; `null` for any length. @default null */
  readonly length?: number | null;
  /** Numbers that stand for a word of the `vocabulary`. @default 32 */
  readonly embedding?: number;
  /** Of each recurrent layer. @default [32] */
  readonly units?: readonly number[];
  /** Number of recurrent layers, instead of `units`. @default 1 */
  readonly depth?: number;
  /** Units of each of `depth` recurrent layers. @default 32 */
  readonly width?: number;
  /** @default "lstm" */
  readonly cell?: "lstm" | "gru" | "simple";
  /** Each layer reads the sequence from both ends and has twice as many outputs. @default false */
  readonly bidirectional?: boolean;
  /** Share of the outputs of each recurrent layer that a training step leaves out, from 0 to below 1. @default 0 */
  readonly dropout?: number;
  /** Outputs for each step, `(n, steps, outputs)`, instead of one for the sequence. @default false */
  readonly returnSequences?: boolean;
}

/**
 * A recurrent network: layers that read a sequence step by step, then a dense layer without activation, so that its outputs are
 * logits. Weights of the inputs start as Glorot & Bengio (AISTATS 2010) have them, those of the state uniform with variance
 * 1 / units, which keeps its size. The same seed gives the same weights, bit for bit.
 *
 * LSTM: Hochreiter & Schmidhuber (Neural Computation 9, 1997), with a forget gate that starts open (Gers et al., 2000). GRU: Cho
 * et al. (EMNLP 2014). Both ends: Schuster & Paliwal (IEEE Trans. Signal Processing 45, 1997).
 *
 * @example
 * rnn({ inputShape: [24, 1], outputs: 1, units: [32] }); // the next value of a series
 * rnn({ vocabulary: 5000, length: 80, outputs: 2, cell: "gru", bidirectional: true }); // the kind of a text
 */
export function rnn(options: RnnOptions): tf.LayersModel {
  const { inputShape, embedding, outputs, units, cell, bidirectional, dropout, returnSequences, seed } =
    checked(options);
  return seeded("rnn", seed, () => {
    const input = tf.input({ shape: [...inputShape], name: "input" });
    let x: tf.SymbolicTensor = embedding === null ? input : applied(tf.layers.embedding(embedding), input);
    for (const [i, size] of units.entries()) {
      const name = `${cell}${i + 1}`;
      const layer = recurrent(cell, size, returnSequences || i < units.length - 1, name);
      const both = { layer: layer as tf.RNN, mergeMode: "concat", name: `${name}_both` } as const;
      x = applied(bidirectional ? tf.layers.bidirectional(both) : layer, x);
      if (dropout > 0) x = applied(tf.layers.dropout({ rate: dropout, name: `${name}_dropout` }), x);
    }
    const output = tf.layers.dense({ units: outputs, kernelInitializer: forActivation("linear"), name: "output" });
    return tf.model({ inputs: input, outputs: applied(output, x) });
  });
}

function recurrent(cell: "lstm" | "gru" | "simple", units: number, returnSequences: boolean, name: string) {
  const recurrentInitializer = initializers.orthogonal();
  const settings = { units, returnSequences, recurrentInitializer, name } as const;
  if (cell === "lstm") return tf.layers.lstm(settings);
  return cell === "gru" ? tf.layers.gru(settings) : tf.layers.simpleRNN(settings);
}

function checked(options: RnnOptions) {
  const where = "rnn";
  const { bidirectional = false, returnSequences = false, seed = 0 } = options;
  checkEither(where, { units: options.units }, { depth: options.depth, width: options.width });
  const depth = checkCount(where, "depth", options.depth ?? 1);
  const width = checkCount(where, "width", options.width ?? 32);
  return {
    ...inputOf(options),
    outputs: checkOutputs(where, options.outputs),
    units: checkCounts(where, "units", options.units ?? Array<number>(depth).fill(width), 1),
    cell: checkOneOf(where, "cell", options.cell ?? "lstm", ["lstm", "gru", "simple"]),
    bidirectional,
    dropout: checkShare(where, "dropout", options.dropout),
    returnSequences,
    seed,
  };
}

function inputOf({ inputShape, vocabulary, length, embedding }: RnnOptions) {
  checkEither("rnn", { inputShape }, { vocabulary, length, embedding });
  if (vocabulary !== undefined) {
    const inputDim = checkCount("rnn", "vocabulary", vocabulary);
    const outputDim = checkCount("rnn", "embedding", embedding ?? 32);
    return { inputShape: [steps("length", length ?? null)], embedding: { inputDim, outputDim, name: "embedding" } };
  }
  if (inputShape === undefined) {
    throw new OptionError(
      "rnn: pass inputShape for sequences of numbers, or vocabulary and length for those of words.",
    );
  }
  const given: readonly unknown[] | undefined = Array.isArray(inputShape) ? inputShape : undefined;
  if (given?.length !== 2) {
    const got = given ? `[${given.join(", ")}]` : show(inputShape);
    const advice = given?.length === 1 ? ` Name the features too: [${given[0]}, 1].` : "";
    throw new ShapeError(`rnn: inputShape must be [steps, features], got ${got}.${advice}`);
  }
  const shape = [steps("inputShape[0]", inputShape[0]), checkCount("rnn", "inputShape[1]", inputShape[1])];
  return { inputShape: shape, embedding: null };
}

function steps(name: string, value: number | null): number | null {
  return value === null ? null : checkCount("rnn", name, value);
}
