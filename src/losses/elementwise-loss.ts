import { ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { type Curve, meanOf, valuesOf } from "./fused.js";
import type { Loss, LossConfig, OutputKind, TargetKind } from "./loss.js";
import type { OutputsOptions } from "./loss-options.js";
import { makeLoss } from "./make-loss.js";
import { columnsOf, numbersFor } from "./targets.js";

/** A loss that is the mean of one curve over the outputs. */
export interface ElementwiseParts {
  readonly config: LossConfig;
  readonly options: Required<OutputsOptions>;
  readonly outputs: OutputKind;
  readonly targets: TargetKind;
  readonly curve: Curve;
  /** Where on the curve the outputs are, and what else the curve takes. */
  at(yTrue: tf.Tensor, yPred: tf.Tensor, where: string): [x: tf.Tensor, ...data: tf.Tensor[]];
}

export function elementwiseLoss({ config, options, outputs, targets, curve, at }: ElementwiseParts): Loss {
  const { reduction, outputWeights } = options;
  const where = `losses.${config.name}`;
  const place = (yTrue: tf.Tensor, yPred: tf.Tensor) => at(yTrue, columnsOf(yPred), where);
  return makeLoss({
    config,
    outputs,
    targets,
    reduction,
    each(yTrue, yPred) {
      const values = valuesOf(curve, ...place(yTrue, yPred));
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
    ...(outputWeights === undefined && { mean: (yTrue, yPred) => meanOf(curve, ...place(yTrue, yPred)) }),
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
