import { describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../src/core/random.js";
import type { Algebra } from "../../src/optimizers/algebra.js";
import { ArrayLoop } from "../../src/optimizers/array-loop.js";
import type { FullRule } from "../../src/optimizers/full-rule.js";

const { fround } = Math;
/** What the loop must give, bit for bit: one number at a time, rounded after each operation. */
const oneByOne: Algebra<number> = {
  add: (a, b) => fround(a + b),
  sub: (a, b) => fround(a - b),
  mul: (a, b) => fround(a * b),
  div: (a, b) => fround(a / b),
  max: Math.max,
  min: Math.min,
  abs: Math.abs,
  sqrt: (a) => fround(Math.sqrt(a)),
  sign: Math.sign,
};

/** Uses every operation, two slots and two scalars. */
const rule: FullRule = {
  slots: { first: 0, second: 0 },
  scalars: () => ({ low: -0.25, high: 0.75 }),
  update<T>(
    { add, sub, mul, div, max, min, abs, sqrt, sign }: Algebra<T>,
    { weight, gradient, first, second }: Readonly<Record<string, T>>,
    { low, high }: Readonly<Record<string, T>>,
  ): Record<string, T> {
    const clipped = max(min(gradient!, high!), low!);
    const root = sqrt(add(abs(second!), abs(clipped)));
    return {
      weight: sub(weight!, div(mul(clipped, first!), root)),
      first: add(first!, mul(sign(clipped), root)),
      second: mul(second!, low!),
    };
  },
};

describe("a compiled rule", () => {
  const random = RandomStream.of(1, "data");
  const numbers = (n: number) => Float32Array.from({ length: n }, () => random.normal());
  const scalars = { low: -0.25, high: 0.75 };
  const loop = new ArrayLoop(rule, ["low", "high"]);

  it.each([0, 1, 2, 3, 4, 5, 7, 8, 4095, 4096, 4097, 8192, 10_001])("gives the bits of a plain loop over %i", (n) => {
    const [weight, gradient, first, second] = [numbers(n), numbers(n), numbers(n), numbers(n)];
    gradient.set([0, -0].slice(0, n));
    const expected = Array.from(weight, (w, i) =>
      rule.update(oneByOne, { weight: w, gradient: gradient[i]!, first: first[i]!, second: second[i]! }, scalars),
    );
    loop.setScalars([scalars.low, scalars.high]);
    loop.run(weight, gradient, { first, second }, weight);
    expect(weight).toEqual(Float32Array.from(expected, (after) => after.weight!));
    expect(first).toEqual(Float32Array.from(expected, (after) => after.first!));
    expect(second).toEqual(Float32Array.from(expected, (after) => after.second!));
  });

  it("reads the weight, writes the other array, and leaves the gradient and what lies around alone", () => {
    const [weight, gradient, first, second] = [numbers(9), numbers(9), numbers(9), numbers(9)];
    const before = [weight.slice(), gradient.slice()];
    const around = new Float32Array(15).fill(7);
    loop.setScalars([scalars.low, scalars.high]);
    loop.run(weight, gradient, { first, second }, around.subarray(3, 12));
    expect([weight, gradient]).toEqual(before);
    expect([...around.subarray(0, 3), ...around.subarray(12)]).toEqual([7, 7, 7, 7, 7, 7]);
    expect(around.subarray(3, 12)).not.toContain(7);
  });

  it("of the same rule is compiled once", () => {
    const again = new ArrayLoop({ ...rule }, ["low", "high"]);
    expect(Reflect.get(again, "loop")).toBe(Reflect.get(loop, "loop"));
  });
});
