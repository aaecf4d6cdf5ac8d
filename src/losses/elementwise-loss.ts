import { ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { type Curve, meanOf, valuesOf } from "./fused.js";
import type { Loss, OutputKind, TargetKind } from "./loss.js";
import type { Checked, OutputsOptions } from "./loss-options.js";
import { makeLoss } from "./make-loss.js";
import { columnsOf, numbersFor } from "./targets.js";

/** A loss that is the mean of one curve over the outputs. */
export interface ElementwiseParts {
  /** @default "numbers" */
  readonly outputs?: OutputKind;
  /** @default "numbers" */
  readonly targets?: TargetKind;
  readonly curve: Curve;
  /** Where on the curve the outputs are, and what else the curve takes. @default the residual */
  at?(yTrue: tf.Tensor, yPred: tf.Tensor, where: string): [x: tf.Tensor, ...data: tf.Tensor[]];
}

export function elementwiseLoss(checked: Checked<OutputsOptions>, parts: ElementwiseParts): Loss {
  const { reduction, outputWeights } = checked.all;
  const { outputs = "numbers", targets = "numbers", curve, at = residual } = parts;
  return makeLoss(checked, {
    outputs,
    targets,
    each(yTrue, yPred, where) {
      const values = valuesOf(curve, ...at(yTrue, columnsOf(yPred), where));
      if (outputWeights === undefined) return tf.mean(values, -1);
      const nOutputs = values.shape.at(-1)!;
      if (outputWeights.length !== nOutputs) {
        throw new ShapeError(
          `${where}: outputWeights must be one for each of the ${nOutputs} outputs, got ${outputWeights.length}.`,
        );
      }
      const all = reduction === "weightedMean" ? outputWeights.reduce((a, b) => a + b) : nOutputs;
      return tf.sum(tf.mul(values, tf.tensor1d(outputWeights.map((weight) => weight / all))), -1);
    },
    ...(outputWeights === undefined && {
      mean: (yTrue, yPred, where) => meanOf(curve, ...at(yTrue, columnsOf(yPred), where)),
    }),
  });
}

/** The residual `yPred - yTrue`, which both sides get a gradient from. */
export function residual(yTrue: tf.Tensor, yPred: tf.Tensor, where: string): [tf.Tensor] {
  return [tf.sub(yPred, numbersFor(where, yTrue, yPred))];
}

/** The outputs and their targets; only the outputs get a gradient. */
export function outputsAndTargets(yTrue: tf.Tensor, yPred: tf.Tensor, where: string): [tf.Tensor, tf.Tensor] {
  return [yPred, numbersFor(where, yTrue, yPred)];
}
