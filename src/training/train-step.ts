import type { RandomStream } from "../core/random.js";
import type { HostVariables } from "../engine/compiled/host-variables.js";
import { drawFrom } from "../engine/random-tensors.js";
import { tf } from "../engine/tf.js";
import "../layers/regularizers/penalty-of.js";
import type { LossFunction } from "../losses/loss.js";
import type { RunOptimizer } from "../optimizers/optimizer.js";
import { CompiledBatches } from "./compiled-batches.js";
import { applyAndConstrain } from "./constrained-weights.js";
import { gradientOutputs, moveOnHost, trainableVariables, valueAndGradients } from "./host-update.js";
import { type Samples, type SampleTensors, sampleTensors } from "./samples.js";
import { LastGoodWeights } from "./weights.js";

/** What one step computed for its batch, before the weights moved. */
export interface StepResult {
  readonly loss: number;
  /** The outputs of the model, row after row; the next step may overwrite them. */
  readonly outputs: Float32Array;
  /** The first weight whose gradient was not finite, though the loss was. */
  readonly badGradient: string | null;
}

/** Forward, backward, update on one batch after another. What is not finite leaves the weights as they are. */
export interface TrainStep {
  run(rows: Int32Array): StepResult;
  /** Looks at the start of an epoch whether the step has to be another one from now on. */
  refresh(): void;
  /** Goes back to the weights of the last step that had a finite loss. */
  restoreLastGood(): void;
  dispose(): void;
}

export interface StepParts {
  readonly model: tf.LayersModel;
  readonly loss: LossFunction;
  readonly optimizer: RunOptimizer;
  readonly samples: Samples;
  /** Where dropout and noise draw from. */
  readonly random: RandomStream;
  /** Whether the step runs code of the user's, which may do something else from one epoch to the next. */
  readonly isOwnCode: boolean;
}

/** The loss that training minimises and validation reports: of the data, and what the weights cost (L1, L2). */
export function totalLoss(model: tf.LayersModel, loss: LossFunction, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Scalar {
  return model.calculateLosses().reduce<tf.Tensor>((sum, cost) => tf.add(sum, cost), loss(yTrue, yPred)) as tf.Scalar;
}

/** Loss, outputs and the gradient of each variable under its name. */
function forwardBackward(model: tf.LayersModel, loss: LossFunction, variables: tf.Variable[], [x, y]: tf.Tensor[]) {
  let outputs: tf.Tensor | undefined;
  try {
    const { value, gradients } = valueAndGradients(() => {
      const yPred = model.apply(x!, { training: true }) as tf.Tensor;
      outputs = tf.keep(yPred.clone());
      return totalLoss(model, loss, y!, yPred);
    }, variables);
    return { loss: value, outputs: outputs!, gradients };
  } catch (error) {
    outputs?.dispose();
    throw error;
  }
}

/** The step operation by operation, on the backend. */
export class EagerStep implements TrainStep {
  private readonly tensors: SampleTensors;
  private readonly lastGood: LastGoodWeights;

  constructor(private readonly parts: StepParts) {
    this.tensors = sampleTensors(parts.samples);
    this.lastGood = new LastGoodWeights(parts.model);
  }

  run(rows: Int32Array): StepResult {
    const { model, loss, optimizer, random } = this.parts;
    this.lastGood.beforeStep();
    let done: StepResult | undefined;
    tf.tidy(() => {
      const batch = [tf.gather(this.tensors.x, rows), tf.gather(this.tensors.y, rows)];
      const variables = trainableVariables(model);
      const result = drawFrom(random, () => forwardBackward(model, loss, variables, batch));
      const values = { loss: result.loss.dataSync()[0]!, outputs: result.outputs.dataSync<"float32">() };
      result.outputs.dispose();
      const isGood = Number.isFinite(values.loss);
      const badGradient = isGood ? applyAndConstrain(optimizer, result.gradients, variables) : null;
      if (isGood && badGradient === null) this.lastGood.confirm();
      done = { ...values, badGradient };
    });
    return done!;
  }

  refresh(): void {}

  restoreLastGood(): void {
    this.lastGood.restore();
  }

  dispose(): void {
    this.lastGood.dispose();
    tf.dispose([this.tensors.x, this.tensors.y]);
  }
}

/** The step as one graph in native code; the optimizer moves the weights in place. */
export class CompiledStep implements TrainStep {
  private readonly batches: CompiledBatches;
  private variables: tf.Variable[];

  constructor(
    private readonly parts: StepParts,
    private readonly host: HostVariables,
  ) {
    const { model, loss, samples, random } = parts;
    this.variables = trainableVariables(model);
    const step = (batch: tf.Tensor[]) => {
      const result = forwardBackward(model, loss, this.variables, batch);
      return { loss: result.loss, outputs: result.outputs, ...gradientOutputs(this.variables, result.gradients) };
    };
    this.batches = new CompiledBatches(step, [samples.x, samples.y], host, random);
  }

  run(rows: Int32Array): StepResult {
    const results = this.batches.run(rows) as Record<string, Float32Array>;
    const loss = results.loss![0]!;
    const { optimizer } = this.parts;
    const badGradient = Number.isFinite(loss) ? moveOnHost(optimizer, this.variables, this.host, results) : null;
    return { loss, outputs: results.outputs!, badGradient };
  }

  refresh(): void {
    const variables = trainableVariables(this.parts.model);
    const isSame = variables.length === this.variables.length && variables.every((v, i) => v === this.variables[i]);
    this.variables = variables;
    if (!isSame) this.batches.dispose();
    else if (this.parts.isOwnCode) this.batches.refresh();
  }

  restoreLastGood(): void {
    for (const weight of this.parts.model.weights) this.host.of(weight.read() as tf.Variable).goBack();
  }

  dispose(): void {
    this.batches.dispose();
  }
}
