import { describe, expect, it } from "@jest/globals";
import { classWeights } from "../../src/losses/class-weights.js";

describe("classWeights", () => {
  it("balanced are those of scikit-learn 1.9 (compute_class_weight)", () => {
    expect(classWeights([0, 0, 0, 1, 2, 2])).toEqual({ 0: 2 / 3, 1: 2, 2: 1 });
    expect(classWeights(["no", "no", "no", "yes"])).toEqual({ no: 2 / 3, yes: 2 });
  });

  it("effective numbers lie between no weights (beta 0) and the balanced ones", () => {
    const y = [...new Array(90).fill(0), ...new Array(10).fill(1)];
    expect(classWeights(y, "effectiveNumber", { beta: 0 })).toEqual({ 0: 1, 1: 1 });
    const { 0: frequent, 1: rare } = classWeights(y, "effectiveNumber", { beta: 0.99 }) as Record<number, number>;
    // (1 - 0.99^90) / (1 - 0.99^10) of Cui et al., equation 12
    expect(rare! / frequent!).toBeCloseTo((1 - 0.99 ** 90) / (1 - 0.99 ** 10), 12);
    expect(rare! + frequent!).toBeCloseTo(2, 12);
    expect(classWeights(y, "effectiveNumber", { beta: 1 - 1e-9 })[1]! / 9).toBeCloseTo(
      classWeights(y, "effectiveNumber", { beta: 1 - 1e-9 })[0]!,
      5,
    );
  });

  it("says what is wrong in one sentence", () => {
    expect(() => classWeights([])).toThrow("classWeights: y has no rows.");
    expect(() => classWeights([0], "even" as never)).toThrow(
      'classWeights: rule must be one of "balanced", "effectiveNumber", got "even".',
    );
    expect(() => classWeights([0], "effectiveNumber", { beta: 1 })).toThrow(
      "classWeights: beta must be a number from 0 and below 1, got 1.",
    );
  });
});
