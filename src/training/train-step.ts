import type { WeightNorms } from "../callbacks/callback.js";
import type { RandomStream } from "../core/random.js";
import type { HostVariables } from "../engine/compiled/host-variables.js";
import { drawFrom } from "../engine/random-tensors.js";
import { tf } from "../engine/tf.js";
import { innerLayers } from "../layers/regularizers/inner-layers.js";
import type { RunOptimizer } from "../optimizers/optimizer.js";
import { CompiledBatches } from "./compiled-batches.js";
import { applyAndConstrain } from "./constrained-weights.js";
import { gradientOutputs, moveOnHost, trainableVariables, valueAndGradients } from "./host-update.js";
import { type Measured, measuredOf, measuredTensors, valuesOf } from "./measured.js";
import type { Objective } from "./objective.js";
import { batchOf, blocksOf, blockTensor, type Samples } from "./samples.js";
import { NormMeter } from "./step-norms.js";
import { LastGoodWeights } from "./weights.js";

/** What one step computed for its batch, before the weights moved; the next step may overwrite it. */
export interface StepResult extends Measured {
  /** The first weight whose gradient was not finite, though the loss was. */
  readonly badGradient: string | null;
  /** Of each variable that has a gradient, if they were asked for. */
  readonly norms?: readonly WeightNorms[];
}

/** Forward, backward, update on one batch after another. What is not finite leaves the weights as they are. */
export interface TrainStep {
  run(rows: Int32Array, withNorms?: boolean): StepResult;
  /** Looks at the start of an epoch whether the step has to be another one from now on. */
  refresh(): void;
  /** Goes back to the weights of the last step that had a finite loss. */
  restoreLastGood(): void;
  dispose(): void;
}

export interface StepParts {
  readonly model: tf.LayersModel;
  readonly objective: Objective;
  readonly optimizer: RunOptimizer;
  readonly samples: Samples;
  /** Where dropout and noise draw from. */
  readonly random: RandomStream;
  /** Whether the step runs code of the user's, which may do something else from one epoch to the next. */
  readonly isOwnCode: boolean;
}

/** Loss, outputs and the gradient of each variable under its name. */
function forwardBackward({ model, objective, samples }: StepParts, variables: tf.Variable[], tensors: tf.Tensor[]) {
  const batch = batchOf(samples, tensors);
  const kept: tf.NamedTensorMap = {};
  try {
    const { value, gradients } = valueAndGradients(() => {
      const { yPred, loss, parts } = objective.of(model, batch, { training: true });
      for (const [name, tensor] of Object.entries(measuredTensors(yPred, parts))) kept[name] = tf.keep(tensor.clone());
      return loss;
    }, variables);
    return { loss: value, kept, gradients };
  } catch (error) {
    tf.dispose(kept);
    throw error;
  }
}

function variablesOf({ model, objective }: StepParts): tf.Variable[] {
  return [...trainableVariables(model), ...objective.variables];
}

/** Which layers of `model` are frozen, as a text to compare. */
function frozenLayers(model: tf.LayersModel): string {
  return Array.from(innerLayers(model), ({ trainable }) => Number(trainable)).join("");
}

/** The step operation by operation, on the backend. */
export class EagerStep implements TrainStep {
  private readonly tensors: tf.Tensor[];
  private readonly lastGood: LastGoodWeights;

  constructor(private readonly parts: StepParts) {
    this.tensors = blocksOf(parts.samples).map(blockTensor);
    this.lastGood = new LastGoodWeights(parts.model);
  }

  run(rows: Int32Array, withNorms = false): StepResult {
    const { optimizer, random } = this.parts;
    this.lastGood.beforeStep();
    let done: StepResult | undefined;
    tf.tidy(() => {
      const batch = this.tensors.map((tensor) => tf.gather(tensor, rows));
      const variables = variablesOf(this.parts);
      const norms = withNorms ? new NormMeter(variables, (variable) => variable.dataSync<"float32">()) : null;
      const result = drawFrom(random, () => forwardBackward(this.parts, variables, batch));
      const values = measuredOf({ ...valuesOf(result.kept), loss: result.loss.dataSync<"float32">() });
      tf.dispose(result.kept);
      const isGood = Number.isFinite(values.loss);
      const badGradient = isGood ? applyAndConstrain(optimizer, result.gradients, variables) : null;
      if (isGood && badGradient === null) this.lastGood.confirm();
      done = {
        ...values,
        badGradient,
        ...norms?.measured(({ name }) => result.gradients[name]?.dataSync<"float32">()),
      };
    });
    return done!;
  }

  refresh(): void {}

  restoreLastGood(): void {
    this.lastGood.restore();
  }

  dispose(): void {
    this.lastGood.dispose();
    tf.dispose(this.tensors);
  }
}

/** The step as one graph in native code; the optimizer moves the weights in place. */
export class CompiledStep implements TrainStep {
  private readonly batches: CompiledBatches;
  private variables: tf.Variable[];
  private frozen: string;

  constructor(
    private readonly parts: StepParts,
    private readonly host: HostVariables,
  ) {
    this.variables = variablesOf(parts);
    this.frozen = frozenLayers(parts.model);
    const step = (tensors: tf.Tensor[]) => {
      const { loss, kept, gradients } = forwardBackward(parts, this.variables, tensors);
      return { loss, ...kept, ...gradientOutputs(this.variables, gradients) };
    };
    this.batches = new CompiledBatches(step, blocksOf(parts.samples), host, parts.random);
  }

  run(rows: Int32Array, withNorms = false): StepResult {
    const norms = withNorms
      ? new NormMeter(this.variables, (variable) => this.host.of(variable).read().data as Float32Array)
      : null;
    const results = this.batches.run(rows) as Record<string, Float32Array>;
    const { optimizer } = this.parts;
    const measured = measuredOf(results);
    const isGood = Number.isFinite(measured.loss);
    const badGradient = isGood ? moveOnHost(optimizer, this.variables, this.host, results) : null;
    return { ...measured, badGradient, ...norms?.measured((_, i) => results[`gradient${i}`]) };
  }

  refresh(): void {
    const variables = variablesOf(this.parts);
    // A layer without weights to train may still do something else when it is frozen: batch normalisation does.
    const frozen = frozenLayers(this.parts.model);
    const isSame =
      frozen === this.frozen &&
      variables.length === this.variables.length &&
      variables.every((v, i) => v === this.variables[i]);
    this.variables = variables;
    this.frozen = frozen;
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
