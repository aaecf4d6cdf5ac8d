import { ArrayLoop } from "./array-loop.js";
import { type FullRule, type VariableScalars, variableScalarNames } from "./full-rule.js";
import type { Slots } from "./slots.js";
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

  constructor(
    private readonly rule: FullRule,
    private readonly slots: Slots,
  ) {
    this.loop = new ArrayLoop(rule, [...Object.keys(rule.scalars(0, 0)), ...variableScalarNames]);
  }

  firstNotFinite(parameters: readonly ArraysOf[]): ArraysOf | undefined {
    return parameters.find(({ gradient }) => !areFinite(gradient));
  }

  gather(parameter: ArraysOf): ArraysOf {
    const sum = this.gathered(parameter);
    const { gradient } = parameter;
    for (let i = 0; i < sum.length; i++) sum[i]! += gradient[i]!;
    const { name, shape } = parameter;
    return {
      name,
      shape,
      gradient: sum,
      get weight() {
        return parameter.weight;
      },
      get out() {
        return parameter.out;
      },
    };
  }

  forgetGathered(parameter: ArraysOf): void {
    this.gathered(parameter).fill(0);
  }

  norms(parameters: readonly ArraysOf[]): number[] {
    return parameters.map(({ gradient }) => Math.sqrt(squaredSum(gradient)));
  }

  update(parameter: ArraysOf, stepScalars: Readonly<Record<string, number>>, own: VariableScalars): void {
    const { name, shape } = parameter;
    const slots = this.slots.arrays(name, shape, this.rule.slots);
    this.loop.run({ ...stepScalars, ...own }, parameter.weight, parameter.gradient, slots, parameter.out);
  }

  overwriteWithAverage({ name, shape, out }: ArraysOf): void {
    out.set(this.slots.arrays(name, shape, this.rule.slots).average!);
  }

  private gathered({ name, shape }: Parameter): Float32Array {
    return this.slots.arrays(name, shape, { accumulated: 0 }).accumulated!;
  }
}

/** Four sums side by side, so that no addition waits for the one before. */
function squaredSum(values: Float32Array): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < values.length; i += 4) {
    sum0 += values[i]! * values[i]!;
    sum1 += values[i + 1]! * values[i + 1]!;
    sum2 += values[i + 2]! * values[i + 2]!;
    sum3 += values[i + 3]! * values[i + 3]!;
  }
  for (; i < values.length; i++) sum0 += values[i]! * values[i]!;
  return sum0 + sum1 + (sum2 + sum3);
}

/** The square of a float32 is far from the end of float64, so the sum is finite if all numbers are. */
function areFinite(values: Float32Array): boolean {
  return Number.isFinite(squaredSum(values));
}
