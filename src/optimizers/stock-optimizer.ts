import { tf } from "../engine/tf.js";
import type { ArrayParameter, RunOptimizer } from "./optimizer.js";

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
    dispose: () => stock.dispose(),
  };
}
