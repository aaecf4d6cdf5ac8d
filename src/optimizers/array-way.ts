import { ArrayLoop } from "./array-loop.js";
import { type FullRule, type VariableScalars, variableScalarNames } from "./full-rule.js";
import type { Slots } from "./slots.js";
import { squaredSum } from "./squared-sum.js";
import type { Parameter, Way } from "./way.js";

export interface ArraysOf extends Parameter {
  readonly weight: Float32Array;
  readonly gradient: Float32Array;
  /** Where the new weight goes; may be `weight` itself. */
  readonly out: Float32Array;
}

/** A step as one compiled loop over arrays. */
export class ArrayWay implements Way<ArraysOf> {
  private readonly loop: ArrayLoop;
  private readonly stepScalars: readonly string[];

  constructor(
    private readonly rule: FullRule,
    private readonly slots: Slots,
  ) {
    this.stepScalars = Object.keys(rule.scalars(0, 0));
    this.loop = new ArrayLoop(rule, [...this.stepScalars, ...variableScalarNames]);
  }

  firstNotFinite(parameters: readonly ArraysOf[]): ArraysOf | undefined {
    return parameters.find(({ gradient }) => !Number.isFinite(squaredSum(gradient)));
  }

  gather(parameter: ArraysOf): ArraysOf {
    const sum = this.gathered(parameter);
    const { gradient } = parameter;
    for (let i = 0; i < sum.length; i++) sum[i]! += gradient[i]!;
    return { ...parameter, gradient: sum };
  }

  forgetGathered(parameter: ArraysOf): void {
    this.gathered(parameter).fill(0);
  }

  norms(parameters: readonly ArraysOf[]): number[] {
    return parameters.map(({ gradient }) => Math.sqrt(squaredSum(gradient)));
  }

  beginStep(scalars: Readonly<Record<string, number>>): void {
    this.loop.setScalars(this.stepScalars.map((name) => scalars[name]!));
  }

  update({ name, shape, weight, gradient, out }: ArraysOf, own: VariableScalars): void {
    const scalars = variableScalarNames.map((scalar) => own[scalar]);
    this.loop.setScalars(scalars, this.stepScalars.length);
    this.loop.run(weight, gradient, this.slots.arrays(name, shape, this.rule.slots), out);
  }

  overwriteWithAverage({ name, shape, out }: ArraysOf): void {
    out.set(this.slots.arrays(name, shape, this.rule.slots).average!);
  }

  private gathered({ name, shape }: Parameter): Float32Array {
    return this.slots.arrays(name, shape, { accumulated: 0 }).accumulated!;
  }
}
