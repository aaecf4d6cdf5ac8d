import { checkNumber } from "../core/check.js";
import { tf } from "../engine/tf.js";
import { type ArrayParameter, type Optimizer, Slots } from "./optimizer.js";

export interface AdamOptions {
  /** @default 0.001 */
  readonly learningRate?: number;
  /** Decay of the mean of gradients, from 0 to below 1. @default 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, from 0 to below 1. @default 0.999 */
  readonly beta2?: number;
  /** Keeps the division finite. @default 1e-7 */
  readonly epsilon?: number;
}

/**
 * Adam: steps by the mean of recent gradients over the root of the mean of their squares, both corrected for their start
 * at zero (Kingma & Ba, ICLR 2015). Equal to Keras, whose `epsilon` stands outside the correction ("epsilon hat").
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
  checkNumber("adam", "learningRate", learningRate, { atLeast: 0 });
  checkNumber("adam", "beta1", beta1, { atLeast: 0, below: 1 });
  checkNumber("adam", "beta2", beta2, { atLeast: 0, below: 1 });
  checkNumber("adam", "epsilon", epsilon, { above: 0 });
  return new Adam(learningRate, beta1, beta2, epsilon);
}

class Adam implements Optimizer {
  private readonly slots = new Slots();
  private steps = 0;

  constructor(
    public learningRate: number,
    private readonly beta1: number,
    private readonly beta2: number,
    private readonly epsilon: number,
  ) {}

  apply(gradients: Readonly<Record<string, tf.Tensor>>, variables: readonly tf.Variable[]): string | null {
    const { beta1, beta2, learningRate } = this;
    this.steps++;
    const correction = Math.sqrt(1 - beta2 ** this.steps) / (1 - beta1 ** this.steps);
    tf.tidy(() => {
      // As tensors once a step: a plain number would be copied to the backend for every operation of every variable.
      const [newShare1, newShare2, epsilon, rate] = [1 - beta1, 1 - beta2, this.epsilon, learningRate * correction].map(
        (value) => tf.scalar(value),
      ) as [tf.Scalar, tf.Scalar, tf.Scalar, tf.Scalar];
      for (const variable of variables) {
        const gradient = gradients[variable.name];
        if (gradient === undefined) continue;
        const mean = this.slots.of(variable, "mean");
        const meanSquare = this.slots.of(variable, "meanSquare");
        mean.assign(tf.add(mean, tf.mul(tf.sub(gradient, mean), newShare1)));
        meanSquare.assign(tf.add(meanSquare, tf.mul(tf.sub(tf.square(gradient), meanSquare), newShare2)));
        const direction = tf.div(mean, tf.add(tf.sqrt(meanSquare), epsilon));
        variable.assign(tf.sub(variable, tf.mul(direction, rate)));
      }
    });
    return null;
  }

  private readonly host = new Map<string, [Float32Array, Float32Array]>();
  applyArrays(parameters: readonly ArrayParameter[]): string | null {
    const { beta1, beta2, learningRate, epsilon } = this;
    this.steps++;
    const correction = Math.sqrt(1 - beta2 ** this.steps) / (1 - beta1 ** this.steps);
    const rate = learningRate * correction;
    for (const { name, weight, gradient } of parameters) {
      let slots = this.host.get(name);
      if (!slots) this.host.set(name, (slots = [new Float32Array(weight.length), new Float32Array(weight.length)]));
      const [m, v] = slots;
      for (let i = 0; i < weight.length; i++) {
        const g = gradient[i]!;
        m[i]! += (g - m[i]!) * (1 - beta1);
        v[i]! += (g * g - v[i]!) * (1 - beta2);
        weight[i]! -= (m[i]! / (Math.sqrt(v[i]!) + epsilon)) * rate;
      }
    }
    return null;
  }

  dispose(): void {
    this.slots.dispose();
    this.steps = 0;
  }
}
