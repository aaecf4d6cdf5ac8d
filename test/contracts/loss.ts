import { describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../src/core/random.js";
import { CompiledFunction } from "../../src/engine/compiled/compiled-function.js";
import { HostVariables } from "../../src/engine/compiled/host-variables.js";
import { tf } from "../../src/engine/tf.js";
import type { Loss, Reduction } from "../../src/losses/loss.js";
import { lossOf } from "../../src/losses/losses.js";

export interface LossCase {
  /** A target for each of 6 rows, from whole numbers below 3. */
  readonly target: (draw: (below: number) => number) => number[] | number[][];
  /** Of the outputs of a row. @default [3] */
  readonly outputShape?: readonly number[];
  readonly targetType?: "float32" | "int32";
  /** Its value is no sum over samples: weights and reductions are its own. */
  readonly isWhole?: boolean;
}

const nRows = 6;

/** What holds for every loss, whatever it measures. */
export function lossContract(name: string, make: (options?: object) => Loss, testCase: LossCase): void {
  const { target, outputShape = [3], targetType = "float32", isWhole = false } = testCase;
  const random = RandomStream.of(4, "data");
  const yTrue = () => tf.tensor(targets, undefined, targetType);
  const targets = target((below) => random.integer(below)) as number[];
  const size = outputShape.reduce((a, b) => a * b, nRows);
  const outputs = Float32Array.from({ length: size }, () => 4 * random.uniform() - 2);
  const yPred = () => tf.tensor(outputs, [nRows, ...outputShape]);
  const number = (value: tf.Tensor) => value.dataSync()[0]!;

  describe(`${name} keeps the loss contract`, () => {
    it("gives one number for each sample, or each step of it", () => {
      const { shape } = make().each(yTrue(), yPred());
      expect([outputShape.slice(0, -1), []].map((places) => [nRows, ...places])).toContainEqual(shape);
    });

    if (!isWhole) {
      const weights = [0.5, 2, 0, 1, 3, 1];
      const expected: Record<Reduction, (sum: number, n: number) => number> = {
        sum: (sum) => sum,
        mean: (sum, n) => sum / n,
        weightedMean: (sum, n) => sum / ((weights.reduce((a, b) => a + b) * n) / nRows),
      };
      it.each(Object.keys(expected) as Reduction[])("reduces what samples of weights cost (%s)", (reduction) => {
        const loss = make({ reduction });
        const each = loss.each(yTrue(), yPred());
        const perRow = each.size / nRows;
        const sum = Array.from(each.dataSync()).reduce((all, x, i) => all + x * weights[Math.floor(i / perRow)]!, 0);
        const found = number(loss(yTrue(), yPred(), tf.tensor1d(weights)));
        expect(found / expected[reduction](sum, each.size)).toBeCloseTo(1, 5);
      });
    }

    it("is the same compiled, in value and gradient", () => {
      const loss = make();
      const step = ([y, x]: tf.Tensor[]) => {
        const { value, grad } = tf.valueAndGrad((z: tf.Tensor) => loss(y!, z))(x!);
        return { value, grad };
      };
      const eager = tf.tidy(() => {
        const { value, grad } = step([yTrue(), yPred()]);
        return { value: value.dataSync(), grad: grad.dataSync() };
      });
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
      const again = lossOf("test", JSON.parse(JSON.stringify(loss.config)));
      expect(again.config).toEqual(loss.config);
      expect(number(again(yTrue(), yPred()))).toBe(number(loss(yTrue(), yPred())));
    });

    it("refuses an option that there is not", () => {
      expect(() => make({ reduktion: "sum" })).toThrow(new RegExp(`^losses\\.${name}: .*reduktion.*\\.$`));
    });
  });
}
