import { add } from "../elementwise.js";
import type { Value } from "../graph.js";
import { defineKernels } from "../kernel.js";
import { node } from "../nodes.js";
import { matMul } from "../operators.js";
import { activate } from "./elementwise.js";

/** Two letters and an arrow: the shape that an equation of Einstein's gives. */
function einsumShape(equation: string, values: readonly Value[]): number[] {
  const [left, right] = equation.replaceAll(" ", "").split("->") as [string, string];
  const sizes = new Map<string, number>();
  left.split(",").forEach((letters, i) => {
    [...letters].forEach((letter, axis) => {
      sizes.set(letter, values[i]!.shape[axis]!);
    });
  });
  return [...right].map((letter) => sizes.get(letter)!);
}

defineKernels({
  BatchMatMul: ({ a, b }, { transposeA, transposeB }) => matMul(a!, b!, { transposeA, transposeB }),
  Einsum: (inputs, { equation }) => {
    const values = Object.values(inputs);
    return node("Einsum", values, { equation }, { shape: einsumShape(equation, values), dtype: values[0]!.dtype });
  },
  _FusedMatMul: (inputs, { transposeA, transposeB, activation, leakyreluAlpha }) => {
    const { a, b, bias, preluActivationWeights } = inputs as Record<"a" | "b", Value> & Partial<typeof inputs>;
    const isFlat = a.shape.length === 2 && b.shape.length === 2;
    const product = matMul(a, b, { transposeA, transposeB, bias: isFlat ? bias : undefined });
    const sum = bias && !isFlat ? add(product, bias) : product;
    return activate(sum, activation, preluActivationWeights, leakyreluAlpha);
  },
});
