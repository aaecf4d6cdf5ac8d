import { show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { ArrayParameter, NamedArray, OptimizerState, RunOptimizer } from "./optimizer.js";

interface NamedTensor {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

/** What the optimizers of TensorFlow.js keep to themselves. */
interface StockParts {
  learningRate?: number;
  setLearningRate?(rate: number): void;
}

/**
 * Lets an optimizer of TensorFlow.js, such as `tf.train.adadelta()`, move the weights in a training run. It works on the backend, one operation after
 * another, and finds its variables by their names.
 */
export function stockOptimizer(stock: tf.Optimizer): RunOptimizer {
  const parts = stock as unknown as StockParts;
  const firstNotFinite = (gradients: readonly NamedTensor[]) => {
    return gradients.find(({ tensor }) => !Number.isFinite(tf.sum(tf.abs(tensor)).dataSync()[0]))?.name ?? null;
  };
  const move = (gradients: readonly NamedTensor[]): string | null => {
    const refused = firstNotFinite(gradients);
    if (refused === null) stock.applyGradients([...gradients]);
    return refused;
  };
  const tidy = (work: () => string | null): string | null => {
    let refused: string | null = null;
    tf.tidy(() => {
      refused = work();
    });
    return refused;
  };
  return {
    name: stock.getClassName(),
    config: null,
    // The weights move on the backend: nothing is ever written to the arrays.
    step: 0,
    get learningRate() {
      return parts.learningRate ?? Number.NaN;
    },
    set learningRate(rate) {
      if (parts.setLearningRate) parts.setLearningRate(rate as number);
      else parts.learningRate = rate as number;
    },
    apply: (gradients, variables) =>
      tidy(() => move(variables.flatMap(({ name }) => (gradients[name] ? [{ name, tensor: gradients[name] }] : [])))),
    applyArrays: (parameters: readonly ArrayParameter[]) =>
      tidy(() =>
        move(parameters.map(({ name, shape, gradient }) => ({ name, tensor: tf.tensor(gradient, [...shape]) }))),
      ),
    state: () => stateOf(stock, parts.learningRate ?? 0),
    load: (state) => load(stock, state),
    dispose: () => stock.dispose(),
  };
}

/** Before the place of each slot among those of the optimizer: it goes by their order. */
export const stockSlotPrefix = "slot ";

async function stateOf(stock: tf.Optimizer, learningRate: number): Promise<OptimizerState> {
  const slots = await stock.getWeights();
  const arrays = slots.map(({ name, tensor }, i): [string, NamedArray] => {
    return [`${stockSlotPrefix}${i}/${name}`, { shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) }];
  });
  slots[0]?.tensor.dispose(); // the count of steps is made for the caller, the others are the slots themselves
  const json = { optimizer: stock.getClassName(), step: stock.iterations, pending: 0, learningRate };
  return { json, arrays: Object.fromEntries(arrays) };
}

async function load(stock: tf.Optimizer, { json, arrays }: OptimizerState): Promise<void> {
  const name = stock.getClassName();
  if (json.optimizer !== name) {
    throw new OptionError(`${name}: the state must be one of ${name}, got one of ${show(json.optimizer)}.`);
  }
  const slots = Object.entries(arrays).map(([key, { shape, values }], i) => {
    return {
      name: key.slice(key.indexOf("/") + 1),
      tensor: tf.tensor(values, [...shape], i === 0 ? "int32" : "float32"),
    };
  });
  await stock.setWeights(slots);
  tf.dispose(slots.map(({ tensor }) => tensor));
}
