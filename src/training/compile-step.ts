import { show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { RandomStream } from "../core/random.js";
import { CompiledFunction, NotCompiled, whyNothingCompiles } from "../engine/compiled/compiled-function.js";
import { HostVariables } from "../engine/compiled/host-variables.js";
import type { GraphDType, ValueType } from "../engine/graph/graph.js";
import { drawFrom } from "../engine/random-tensors.js";
import { tf } from "../engine/tf.js";
import type { Optimizer, RunOptimizer } from "../optimizers/optimizer.js";
import { stockOptimizer } from "../optimizers/stock-optimizer.js";
import { applyAndConstrain } from "./constrained-weights.js";
import { gradientOutputs, moveOnHost, trainableVariables, valueAndGradients } from "./host-update.js";

export interface CompileStepOptions {
  /** What the step moves: the trainable weights of a model, or any variables. */
  readonly variables: tf.LayersModel | readonly tf.Variable[];
  readonly optimizer: Optimizer | tf.Optimizer;
  /** Of dropout and noise. @default 0 */
  readonly seed?: number;
}

/** A training step of one's own: takes the batch, moves the variables and gives the loss before they moved. */
export interface CompiledTrainingStep<Inputs extends tf.Tensor[]> {
  (...inputs: Inputs): number;
  /** Why the step runs operation by operation; null while it is compiled. */
  readonly notCompiled: string | null;
  /** Frees what was compiled; the variables stay. */
  dispose(): void;
}

/**
 * Compiles forward and backward pass of a loss of one's own for each shape of batch that comes: any number of inputs,
 * weights of samples, several outputs. What cannot be a graph runs operation by operation, with the same numbers.
 *
 * `loss` runs twice for each new shape and then no more: what depends on anything but its inputs and variables stays as it was.
 *
 * @param loss - From the inputs to one number.
 * @throws OptionError if there is nothing to move.
 *
 * @example
 * const step = compileStep((x, y, weights) => tf.mean(tf.mul(weights, tf.squaredDifference(y, model.apply(x)))), {
 *   variables: model,
 *   optimizer: adam({ learningRate: 0.01 }),
 * });
 * for (const { x, y, weights } of batches) console.log(step(x, y, weights));
 */
export function compileStep<Inputs extends tf.Tensor[]>(
  loss: (...inputs: Inputs) => tf.Tensor,
  options: CompileStepOptions,
): CompiledTrainingStep<Inputs> {
  const step = new OwnStep(loss as (...inputs: tf.Tensor[]) => tf.Tensor, options);
  const run = (...inputs: Inputs) => step.run(inputs);
  return Object.defineProperties(run, {
    notCompiled: { get: () => step.notCompiled },
    dispose: { value: () => step.dispose() },
  }) as CompiledTrainingStep<Inputs>;
}

class OwnStep {
  notCompiled = whyNothingCompiles();
  private readonly variables: tf.Variable[];
  private readonly optimizer: RunOptimizer;
  private readonly random: RandomStream;
  private readonly host = new HostVariables();
  private readonly compiled = new Map<string, CompiledFunction>();

  constructor(
    private readonly loss: (...inputs: tf.Tensor[]) => tf.Tensor,
    { variables, optimizer, seed = 0 }: CompileStepOptions,
  ) {
    if (typeof loss !== "function") throw new OptionError(`compileStep: loss must be a function, got ${show(loss)}.`);
    this.variables = variables instanceof tf.LayersModel ? trainableVariables(variables) : [...variables];
    if (this.variables.length === 0) throw new OptionError("compileStep: variables must not be empty.");
    this.optimizer = optimizer instanceof tf.Optimizer ? stockOptimizer(optimizer) : optimizer;
    this.random = RandomStream.of(seed, "dropout");
  }

  run(inputs: readonly tf.Tensor[]): number {
    if (this.notCompiled !== null) return this.runEagerly(inputs);
    const types = inputs.map(({ shape, dtype }) => ({ shape, dtype: dtype as GraphDType }));
    try {
      return this.runCompiled(this.functionFor(types), inputs);
    } catch (error) {
      if (!(error instanceof NotCompiled)) throw error;
      this.notCompiled = error.message;
      return this.runEagerly(inputs);
    }
  }

  dispose(): void {
    for (const compiled of this.compiled.values()) compiled.dispose();
    this.compiled.clear();
    this.host.release();
  }

  private functionFor(types: readonly ValueType[]): CompiledFunction {
    const key = types.map(({ shape, dtype }) => `${dtype} ${shape}`).join(";");
    const known = this.compiled.get(key);
    if (known !== undefined) return known;
    const step = (inputs: tf.Tensor[]) => {
      const { value, gradients } = valueAndGradients(() => this.loss(...inputs), this.variables);
      return { loss: value, ...gradientOutputs(this.variables, gradients) };
    };
    const made = CompiledFunction.of(step, types, this.host);
    this.compiled.set(key, made);
    return made;
  }

  private runCompiled(compiled: CompiledFunction, inputs: readonly tf.Tensor[]): number {
    for (const [i, input] of inputs.entries()) (compiled.inputs[i] as Float32Array).set(input.dataSync());
    compiled.run(this.host, this.random);
    const loss = (compiled.outputs.loss as Float32Array)[0]!;
    if (Number.isFinite(loss)) moveOnHost(this.optimizer, this.variables, this.host, compiled.outputs);
    return loss;
  }

  private runEagerly(inputs: readonly tf.Tensor[]): number {
    let loss = Number.NaN;
    tf.tidy(() => {
      const { value, gradients } = drawFrom(this.random, () =>
        valueAndGradients(() => this.loss(...inputs), this.variables),
      );
      loss = value.dataSync()[0]!;
      if (Number.isFinite(loss)) applyAndConstrain(this.optimizer, gradients, this.variables);
    });
    return loss;
  }
}
