import { describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../src/core/random.js";
import { CompiledFunction } from "../../src/engine/compiled/compiled-function.js";
import { HostVariables } from "../../src/engine/compiled/host-variables.js";
import { tf } from "../../src/engine/tf.js";
import type { Loss, Reduction } from "../../src/losses/loss.js";
import { type LossName, losses, lossOf } from "../../src/losses/losses.js";

export interface LossCase {
  /** A target for each of 6 rows, from whole numbers below 3. */
  readonly target: (draw: (below: number) => number) => number[] | number[][];
  /** Of the outputs of a row. @default [3] */
  readonly outputShape?: readonly number[];
  /** From and to which number outputs are. @default [-2, 2] */
  readonly outputRange?: readonly [number, number];
  readonly targetType?: "float32" | "int32";
  /** Which losses count: their rows or steps, one after another. @default all */
  readonly counts?: (target: number[]) => boolean[];
  /** Its value is no sum over samples: what it is instead, with weights. */
  readonly whole?: WholeLoss;
  /** What all outputs may be at the most and at the least. @default [40, -40] */
  readonly extremes?: readonly number[];
  /** Outputs whose slope finite differences do not see, because the loss holds something constant there. @default 0 */
  readonly constants?: number;
}

export type WholeLoss = (batch: LossBatch, reduction: Reduction) => number;

export interface LossBatch {
  /** What each sample costs, and its weight. */
  readonly each: readonly number[];
  readonly weights: readonly number[];
  /** Those of the rows, one after another. */
  readonly targets: readonly number[];
  readonly outputs: readonly number[];
}

const nRows = 6;
const rowWeights = [0.5, 2, 0, 1, 3, 1];
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

const reduced: Record<Reduction, (weighted: number, weights: number, n: number) => number> = {
  sum: (weighted) => weighted,
  mean: (weighted, _, n) => weighted / n,
  weightedMean: (weighted, weights) => weighted / weights,
};
const reductions = Object.keys(reduced) as Reduction[];

/** What holds for every loss, whatever it measures, with these options. */
export function lossContract(name: LossName, options: object, testCase: LossCase): void {
  const { target, outputShape = [3], outputRange = [-2, 2], targetType = "float32", constants = 0 } = testCase;
  const { extremes = [40, -40] } = testCase;
  const make = (more: object = {}) => lossOf("test", { name, options: { ...options, ...more } });
  const random = RandomStream.of(4, "data");
  const targets = target((below) => random.integer(below)) as number[];
  const [from, to] = outputRange;
  const nextOutput = (): number => {
    const output = from + (to - from) * random.uniform();
    // Where the target and the margin are whole numbers, so are the places of kinks.
    return Math.abs(output - Math.round(output)) < 0.03 ? nextOutput() : output;
  };
  const outputs = Float32Array.from({ length: outputShape.reduce((a, b) => a * b, nRows) }, nextOutput);
  const yTrue = () => tf.tensor(targets, undefined, targetType);
  const yPred = (values: Float32Array = outputs) => tf.tensor(values, [nRows, ...outputShape]);
  const number = (value: tf.Tensor) => value.dataSync()[0]!;
  const valueAndGrad = (loss: Loss, x: tf.Tensor) =>
    tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((z: tf.Tensor) => loss(yTrue(), z))(x);
      return { value: number(value), grad: grad.dataSync() };
    });

  describe(`${name} ${JSON.stringify(options)} keeps the loss contract`, () => {
    it("gives one number for each sample, or each step of it", () => {
      const { shape } = make().each(yTrue(), yPred());
      expect([outputShape.slice(0, -1), []].map((places) => [nRows, ...places])).toContainEqual(shape);
    });

    it.each(reductions.flatMap((reduction) => [false, true].map((isWeighted) => ({ reduction, isWeighted }))))(
      "reduces what samples cost: %j",
      ({ reduction, isWeighted }) => {
        const loss = make({ reduction });
        const each = Array.from(loss.each(yTrue(), yPred()).dataSync());
        const perRow = each.length / nRows;
        const weights = each.map((_, i) => (isWeighted ? rowWeights[Math.floor(i / perRow)]! : 1));
        const counted = testCase.counts?.(targets.flat()) ?? each.map(() => true);
        expect(each.filter((value, i) => !counted[i] && value !== 0)).toEqual([]);
        const weighted = sum(each.map((value, i) => value * weights[i]!));
        const ofCounted = sum(weights.filter((_, i) => counted[i]));
        const plain = reduced[reduction](weighted, ofCounted, counted.filter(Boolean).length);
        const batch = { each, weights, targets: targets.flat(), outputs: Array.from(outputs) };
        const expected = testCase.whole?.(batch, reduction) ?? plain;
        const found = number(loss(yTrue(), yPred(), isWeighted ? tf.tensor1d(rowWeights) : undefined));
        expect(found / expected).toBeCloseTo(1, 5);
      },
    );

    it("has the gradient of finite differences", () => {
      const step = 5e-3;
      const loss = make();
      const { grad } = valueAndGrad(loss, yPred());
      const at = (place: number, by: number) =>
        tf.tidy(() => number(loss(yTrue(), yPred(outputs.with(place, outputs[place]! + by)))));
      const errors = Array.from(grad, (slope, i) => Math.abs((at(i, step) - at(i, -step)) / (2 * step) - slope));
      const largest = Math.max(...grad.map(Math.abs));
      expect(largest).toBeGreaterThan(0);
      expect(errors.filter((error) => !(error < 1e-3 * largest))).toHaveLength(constants);
    });

    it.each(extremes)("is finite, and so is its gradient, where all outputs are %p", (output) => {
      const { value, grad } = valueAndGrad(make(), tf.fill([nRows, ...outputShape], output));
      expect([value, ...grad].filter((x) => !Number.isFinite(x))).toEqual([]);
    });

    it("is the same compiled, in value and gradient", () => {
      const loss = make();
      const step = ([y, x]: tf.Tensor[]) => {
        const { value, grad } = tf.valueAndGrad((z: tf.Tensor) => loss(y!, z))(x!);
        return { value, grad };
      };
      const { value, grad } = valueAndGrad(loss, yPred());
      const eager = { value: [value], grad };
      const variables = new HostVariables();
      const types = [
        { shape: yTrue().shape, dtype: targetType },
        { shape: [nRows, ...outputShape], dtype: "float32" as const },
      ];
      const compiled = CompiledFunction.of(step, types, variables);
      (compiled.inputs[0] as Float32Array).set(yTrue().dataSync());
      (compiled.inputs[1] as Float32Array).set(outputs);
      compiled.run(variables, RandomStream.of(0, "dropout"));
      for (const part of ["value", "grad"] as const) {
        const found = compiled.outputs[part] as Float32Array;
        eager[part].forEach((value, i) => {
          expect(Math.abs(found[i]! - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
        });
      }
      compiled.dispose();
    });

    it("comes back from what a file says of it", () => {
      const loss = make({ reduction: "sum" });
      expect(loss.config).toEqual({ name, options: { ...options, reduction: "sum" } });
      const again = lossOf("test", JSON.parse(JSON.stringify(loss.config)));
      expect(again.config).toEqual(loss.config);
      expect(number(again(yTrue(), yPred()))).toBe(number(loss(yTrue(), yPred())));
    });
  });
}

/** @param wrong - A value that each option of the loss refuses. */
export function lossOptionsContract(name: LossName, wrong: Readonly<Record<string, unknown>>): void {
  const make = losses[name] as (options: object) => Loss;

  describe(`the options of ${name}`, () => {
    it("that there are not are refused, with those that there are", () => {
      const all = Object.keys(wrong).join(", ");
      expect(() => make({ reduktion: "sum" })).toThrow(
        new RegExp(`^losses\\.${name}: there is no option "reduktion", only ${all}\\.$`),
      );
    });

    it.each(Object.entries(wrong))("refuse a wrong value in one sentence: %s %j", (option, value) => {
      expect(() => make({ [option]: value })).toThrow(new RegExp(`^losses\\.${name}: ${option} must .*, got .*\\.$`));
    });
  });
}
