import type { tf } from "../engine/tf.js";

/** What the values of a layer are like on one batch. */
export interface ActivationFacts {
  /** Of the finite values. */
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** Shares of all values, from 0 to 1. */
  readonly nan: number;
  readonly infinite: number;
  /** How many features or channels come out: the last axis. */
  readonly units: number;
  /** The share of the units that are 0 in every row and place; `null` behind a layer whose units have no off state. */
  readonly dead: number | null;
  /** The share of the values within 1 % of an end of the range of tanh or sigmoid; `null` for any other layer. */
  readonly saturated: number | null;
}

/** @param values - Shape `(n, ..., units)`. */
export function activationFacts(values: Float32Array, units: number, activation: Activation): ActivationFacts {
  const alive = new Uint8Array(units);
  let [nan, infinite, sum, squares, saturated] = [0, 0, 0, 0, 0];
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const shift = values.find(Number.isFinite) ?? 0; // So that a large mean does not eat up the variance.
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== 0) alive[i % units] = 1;
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      sum += value - shift;
      squares += (value - shift) ** 2;
      if (value < min) min = value;
      if (value > max) max = value;
      if (isSaturated(value, activation)) saturated++;
    }
  }
  const finite = values.length - nan - infinite;
  const mean = sum / finite;
  return {
    mean: shift + mean,
    std: Math.sqrt(Math.max(0, squares / finite - mean ** 2)),
    min,
    max,
    nan: nan / values.length,
    infinite: infinite / values.length,
    units,
    dead: activation === "rectifier" ? 1 - alive.reduce((count, one) => count + one, 0) / units : null,
    saturated: activation === "tanh" || activation === "sigmoid" ? saturated / values.length : null,
  };
}

/** What is asked of a layer's values: whether they are stuck at 0, or at the ends of a range. */
export type Activation = "rectifier" | "tanh" | "sigmoid" | "other";

export function activationOf(layer: tf.layers.Layer): Activation {
  const kind = layer.getClassName();
  if (kind === "ReLU" || kind === "ThresholdedReLU") return "rectifier";
  if (/LSTM|GRU|RNN/.test(kind)) return "other"; // what comes out is not what its activation gives alone
  switch (layer.getConfig().activation) {
    case "relu":
    case "relu6":
      return "rectifier";
    case "tanh":
      return "tanh";
    case "sigmoid":
    case "hardSigmoid":
      return "sigmoid";
    default:
      return "other";
  }
}

function isSaturated(value: number, activation: Activation): boolean {
  if (activation === "tanh") return Math.abs(value) > 0.99;
  return activation === "sigmoid" && Math.abs(2 * value - 1) > 0.99;
}
