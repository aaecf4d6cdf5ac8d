import { NotCompiled, whyNothingCompiles } from "../engine/compiled/compiled-function.js";
import { HostVariables } from "../engine/compiled/host-variables.js";
import type { Step } from "../engine/graph/trace.js";
import { tf } from "../engine/tf.js";
import { allRows, batches } from "./batches.js";
import { Breather } from "./breather.js";
import { CompiledBatches } from "./compiled-batches.js";
import { type BatchValues, measuredOf, measuredTensors, valuesOf } from "./measured.js";
import type { Meter } from "./meter.js";
import type { NumberBlock } from "./number-block.js";
import type { Objective } from "./objective.js";
import { batchOf, blocksOf, blockTensor, type Samples } from "./samples.js";

/** Without gradients a batch may be large: the results are the same, and the memory of activations stays bounded. */
const batchSize = 256;

export interface InferenceOptions {
  /** Those of the run that the model is in. @default its own */
  readonly variables?: HostVariables | undefined;
  /**
   * Compiling takes a while. `"always"` also for few rows gives the numbers of a compiled `fit` to the last bit.
   * @default "if it pays"
   */
  readonly compiling?: "always" | "never" | "if it pays";
}

/** Rows on their way through a model as it is used, not trained. */
export class Inference {
  /** Why it went on operation by operation, though it was to be compiled. */
  notCompiled: string | null = null;
  private readonly nRows: number;
  private readonly variables: HostVariables;
  private compiled: CompiledBatches | undefined;
  private tensors: tf.Tensor[] | undefined;

  constructor(
    private readonly step: Step,
    private readonly blocks: readonly NumberBlock[],
    private readonly options: InferenceOptions = {},
  ) {
    this.nRows = blocks[0]!.shape[0]!;
    this.variables = options.variables ?? new HostVariables();
    const { compiling = "if it pays" } = options;
    const pays = compiling === "always" || (compiling === "if it pays" && this.nRows > 2 * batchSize);
    if (pays && whyNothingCompiles() === null) this.compiled = new CompiledBatches(step, blocks, this.variables);
  }

  /**
   * Passes all rows, batch after batch.
   * @param take - Gets what the step gave for each batch; the next one overwrites it.
   * @returns Whether all rows were passed, or a stop was requested before.
   */
  async run(
    take: (rows: Int32Array, values: BatchValues) => void,
    stopRequested: () => boolean = () => false,
  ): Promise<boolean> {
    const breather = new Breather();
    for (const rows of batches(allRows(this.nRows), batchSize)) {
      if (stopRequested()) return false;
      take(rows, this.batch(rows));
      if (breather.isDue()) await breather.breathe();
    }
    return true;
  }

  dispose(): void {
    this.compiled?.dispose();
    tf.dispose(this.tensors ?? []);
    if (this.options.variables === undefined) this.variables.release();
  }

  private batch(rows: Int32Array): BatchValues {
    try {
      if (this.compiled !== undefined) return this.compiled.run(rows) as BatchValues;
    } catch (error) {
      if (!(error instanceof NotCompiled)) throw error;
      this.compiled = undefined;
      this.notCompiled = error.message;
    }
    this.tensors ??= this.blocks.map(blockTensor);
    const inputs = this.tensors;
    return tf.tidy(() => {
      const results = this.step(inputs.map((tensor) => tf.slice(tensor, rows[0]!, rows.length)));
      return valuesOf(results);
    });
  }
}

/** Rows with targets on their way through a model: its outputs, its loss and the parts of that. */
export function measuring(
  model: tf.LayersModel,
  objective: Objective,
  samples: Samples,
  options?: InferenceOptions,
): Inference {
  const step: Step = (tensors) => {
    const { yPred, loss, parts } = objective.of(model, batchOf(samples, tensors), { training: false });
    return { loss, ...measuredTensors(yPred, parts) };
  };
  return new Inference(step, blocksOf(samples), options);
}

/** Feeds `meter` with all samples. Returns whether it came to the end. */
export function measure(inference: Inference, meter: Meter, stopRequested?: () => boolean): Promise<boolean> {
  meter.reset();
  return inference.run((rows, values) => meter.add(rows, measuredOf(values)), stopRequested);
}
