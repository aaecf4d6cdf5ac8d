import { tf } from "../engine/tf.js";
import type { Algebra } from "./algebra.js";
import type { FullRule, VariableScalars } from "./full-rule.js";
import type { Slots } from "./slots.js";
import type { Parameter, Way } from "./way.js";

export interface TensorsOf extends Parameter {
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor;
}

const tensorAlgebra: Algebra<tf.Tensor> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  max: tf.maximum,
  min: tf.minimum,
  abs: tf.abs,
  sqrt: tf.sqrt,
  sign: tf.sign,
};

/** A step as operations of the backend, for those whose memory is out of reach: TensorFlow itself, a GPU. */
export class TensorWay implements Way<TensorsOf> {
  private stepScalars: Readonly<Record<string, number>> = {};

  constructor(
    private readonly rule: FullRule,
    private readonly slots: Slots,
  ) {}

  firstNotFinite(parameters: readonly TensorsOf[]): TensorsOf | undefined {
    if (parameters.length === 0) return undefined;
    const sums = sumsOf(parameters, (gradient) => tf.mul(gradient, 0)); // NaN if one number is not finite
    return parameters[sums.findIndex((sum) => sum !== 0)];
  }

  gather(parameter: TensorsOf): TensorsOf {
    const sum = this.gathered(parameter);
    tf.tidy(() => sum.assign(tf.add(sum, parameter.gradient)));
    return { ...parameter, gradient: sum };
  }

  forgetGathered(parameter: TensorsOf): void {
    const sum = this.gathered(parameter);
    tf.tidy(() => sum.assign(tf.zerosLike(sum)));
  }

  norms(parameters: readonly TensorsOf[]): number[] {
    if (parameters.length === 0) return [];
    return Array.from(sumsOf(parameters, tf.square), Math.sqrt);
  }

  beginStep(scalars: Readonly<Record<string, number>>): void {
    this.stepScalars = scalars;
  }

  update({ name, shape, variable, gradient }: TensorsOf, own: VariableScalars): void {
    const slots = this.slots.tensors(name, shape, this.rule.slots);
    tf.tidy(() => {
      const numbers = Object.entries({ ...this.stepScalars, ...own });
      const scalars = Object.fromEntries(numbers.map(([key, value]) => [key, tf.scalar(value) as tf.Tensor]));
      const after = this.rule.update<tf.Tensor>(tensorAlgebra, { ...slots, weight: variable, gradient }, scalars);
      for (const [key, value] of Object.entries(after)) (key === "weight" ? variable : slots[key]!).assign(value);
    });
  }

  overwriteWithAverage({ name, shape, variable }: TensorsOf): void {
    const { average } = this.slots.tensors(name, shape, this.rule.slots);
    tf.tidy(() => variable.assign(average!.clone()));
  }

  private gathered({ name, shape }: Parameter): tf.Variable {
    return this.slots.tensors(name, shape, { accumulated: 0 }).accumulated!;
  }
}

/** One sum for each gradient, read in one go. */
function sumsOf(parameters: readonly TensorsOf[], f: (gradient: tf.Tensor) => tf.Tensor): Float32Array {
  return tf.tidy(() => tf.stack(parameters.map(({ gradient }) => tf.sum(f(gradient)))).dataSync<"float32">());
}
