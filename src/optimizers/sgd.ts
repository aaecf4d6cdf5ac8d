import { checkNumber } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { type ArrayParameter, type Optimizer, Slots } from "./optimizer.js";

export interface SgdOptions {
  /** @default 0.01 */
  readonly learningRate?: number;
  /** Share of the last step that is kept, from 0 to below 1. @default 0 */
  readonly momentum?: number;
  /** Look ahead along the momentum before stepping. @default false */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent: `velocity = momentum * velocity - learningRate * gradient`, and the weights move by `velocity`; with
 * `nesterov` by `momentum * velocity - learningRate * gradient` (Sutskever et al., ICML 2013). Equal to Keras.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { learningRate = 0.01, momentum = 0, nesterov = false } = options;
  checkNumber("sgd", "learningRate", learningRate, { atLeast: 0 });
  checkNumber("sgd", "momentum", momentum, { atLeast: 0, below: 1 });
  if (nesterov && momentum === 0) {
    throw new OptionError("sgd: nesterov needs a momentum above 0, got 0. Pass momentum: 0.9 or leave nesterov out.");
  }
  return new Sgd(learningRate, momentum, nesterov);
}

class Sgd implements Optimizer {
  private readonly slots = new Slots();

  constructor(
    public learningRate: number,
    private readonly momentum: number,
    private readonly nesterov: boolean,
  ) {}

  apply(gradients: Readonly<Record<string, tf.Tensor>>, variables: readonly tf.Variable[]): string | null {
    tf.tidy(() => {
      for (const variable of variables) {
        const gradient = gradients[variable.name];
        if (gradient !== undefined) variable.assign(tf.add(variable, this.stepOf(variable, gradient)));
      }
    });
    return null;
  }

  private readonly host = new Map<string, Float32Array>();
  applyArrays(parameters: readonly ArrayParameter[]): string | null {
    for (const { name, weight, gradient } of parameters) {
      let v = this.host.get(name);
      if (!v) this.host.set(name, (v = new Float32Array(weight.length)));
      for (let i = 0; i < weight.length; i++) {
        const d = -this.learningRate * gradient[i]!;
        v[i] = this.momentum * v[i]! + d;
        weight[i]! += this.nesterov ? this.momentum * v[i]! + d : v[i]!;
      }
    }
    return null;
  }

  dispose(): void {
    this.slots.dispose();
  }

  private stepOf(variable: tf.Variable, gradient: tf.Tensor): tf.Tensor {
    const downhill = tf.mul(gradient, -this.learningRate);
    if (this.momentum === 0) return downhill;
    const velocity = this.slots.of(variable, "velocity");
    velocity.assign(tf.add(tf.mul(velocity, this.momentum), downhill));
    return this.nesterov ? tf.add(tf.mul(velocity, this.momentum), downhill) : velocity;
  }
}
