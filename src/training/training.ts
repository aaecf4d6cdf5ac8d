import { randomUUID } from "node:crypto";
import { bestEpoch } from "../callbacks/best-epoch.js";
import type { Ending, FitTask, KeptWeights, Metrics, Task } from "../callbacks/callback.js";
import { CallbackList } from "../callbacks/callback-list.js";
import { EtudeError } from "../core/errors.js";
import { RandomStream } from "../core/random.js";
import { NotCompiled, whyNothingCompiles } from "../engine/compiled/compiled-function.js";
import { HostVariables } from "../engine/compiled/host-variables.js";
import { hasOwnLayers } from "../engine/own-layers.js";
import { isLoss } from "../losses/losses.js";
import { reestimateBatchStatistics } from "./batch-statistics.js";
import { allRows, batches } from "./batches.js";
import { Breather } from "./breather.js";
import { firstNotFiniteLayer } from "./first-not-finite-layer.js";
import { History, type HistoryRow } from "./history.js";
import { type Inference, measure, measuring } from "./inference.js";
import type { Meter } from "./meter.js";
import { meterFor } from "./metrics.js";
import { noteNotCompiled } from "./note-not-compiled.js";
import { rememberLoss } from "./output-kind.js";
import type { FitPlan } from "./preflight.js";
import { type Run, runOf } from "./run.js";
import { runSetup } from "./run-setup.js";
import type { Samples } from "./samples.js";
import { NormWatches } from "./step-norms.js";
import { CompiledStep, EagerStep, type StepParts, type StepResult, type TrainStep } from "./train-step.js";
import { hasFiniteWeights, type Kept, keepWeights, readWeights, weightsFromJSON, writeWeights } from "./weights.js";

type End = Pick<Ending, "status" | "reason">;

/** One training run: holds tensors from its construction to {@link dispose}. */
export class Training {
  private readonly rows: HistoryRow[] = [];
  private readonly callbacks: CallbackList;
  private readonly meter: Meter;
  private readonly validation: { readonly inference: Inference; readonly meter: Meter } | null;
  private readonly order: Int32Array;
  private readonly shuffle: RandomStream;
  private readonly variables = new HostVariables();
  private readonly parts: StepParts;
  private step: TrainStep;
  /** Why the step runs operation by operation. */
  private notCompiled: string | null;
  private readonly breather = new Breather();
  private readonly norms = new NormWatches();
  private restoredEpoch: number | null = null;
  private steps = 0;

  constructor(private readonly plan: FitPlan) {
    const { model, train, validation, objective, seed, optimizer } = plan;
    const meterOf = (samples: Samples) => meterFor(model, objective, plan.metrics, samples);
    this.callbacks = new CallbackList(plan.callbacks);
    this.meter = meterOf(train);
    const isOwnCode = objective.outputs.some(({ loss }) => !isLoss(loss)) || hasOwnLayers(model);
    const compiling = plan.compile ? "always" : "never";
    this.validation = validation && {
      inference: measuring(model, objective, validation, { variables: this.variables, compiling }),
      meter: meterOf(validation),
    };
    this.order = allRows(train.nSamples);
    this.shuffle = RandomStream.of(seed, "shuffle");
    this.parts = { model, objective, optimizer, samples: train, random: RandomStream.of(seed, "dropout"), isOwnCode };
    this.notCompiled = plan.compile ? whyNothingCompiles() : "compile is false";
    this.step = this.notCompiled === null ? new CompiledStep(this.parts, this.variables) : new EagerStep(this.parts);
  }

  async run(stopRequested: () => boolean): Promise<Run> {
    const { model, title, objective } = this.plan;
    const startedMs = performance.now();
    const task = this.fitTask();
    await this.callbacks.trainBegin(task);
    const end = await this.trainEpochs(task, stopRequested).catch(async (error: Error) => {
      await this.callbacks.exception(task, error);
      await this.callbacks.trainEnd(task, this.ending({ status: "stopped", reason: error.message }));
      throw error;
    });
    rememberLoss(model, objective);
    await this.callbacks.trainEnd(task, this.ending(end));
    const restored = this.rows.find(({ epoch }) => epoch === this.restoredEpoch);
    return runOf({
      title,
      ...end,
      model,
      history: new History(this.rows),
      best: restored ?? bestEpoch(this.rows) ?? null,
      restoredEpoch: this.restoredEpoch,
      notCompiled: this.notCompiled,
      lossWeights: objective.weights(),
      callbackCosts: this.callbacks.costs(),
      seconds: (performance.now() - startedMs) / 1000,
    });
  }

  dispose(): void {
    this.step.dispose();
    this.validation?.inference.dispose();
    this.variables.release();
    this.plan.objective.dispose();
    if (this.plan.ownsOptimizer) this.plan.optimizer.dispose();
  }

  private async trainEpochs(task: FitTask, stopRequested: () => boolean): Promise<End> {
    const { epochs, optimizer } = this.plan;
    for (let index = 0; index < epochs; index++) {
      const startedMs = performance.now();
      const epoch: Task = { name: "epoch", index, total: this.stepsPerEpoch, parent: task };
      const refused = await this.callbacks.epochBegin(epoch);
      if (refused !== undefined) return { status: "stopped", reason: refused };
      const learningRate = optimizer.learningRate;
      const end = (await this.trainEpoch(epoch, stopRequested)) ?? (await this.validate(epoch, stopRequested));
      if (end !== undefined) return end;
      const metrics = this.epochMetrics();
      this.rows.push({ epoch: index + 1, metrics, learningRate, seconds: (performance.now() - startedMs) / 1000 });
      const reason = await this.callbacks.epochEnd(epoch, metrics);
      if (reason !== undefined) return { status: "stopped", reason };
    }
    return { status: "completed", reason: epochs === 1 ? "Its one epoch ran." : `All ${epochs} epochs ran.` };
  }

  /** Batch after batch; returns how the run ended, if it did. */
  private async trainEpoch(epoch: Task, stopRequested: () => boolean): Promise<End | undefined> {
    const { batchSize, shuffle } = this.plan;
    let index = 0;
    this.meter.reset();
    this.step.refresh();
    for (const rows of batches(this.order, batchSize, shuffle ? this.shuffle : undefined)) {
      if (stopRequested()) return this.interrupted(this.placeOf(epoch, index));
      const batch: Task = { name: "batch", index, total: null, parent: epoch };
      const refused = this.callbacks.followsBatches ? await this.callbacks.batchBegin(batch) : undefined;
      if (refused !== undefined) return { status: "stopped", reason: refused };
      const { badGradient, ...measured } = this.runStep(rows);
      const { loss } = measured;
      this.steps++;
      this.meter.add(rows, measured);
      if (!Number.isFinite(loss)) return this.diverged(this.whatBroke(`The loss became ${loss}`, rows, epoch, index));
      if (badGradient !== null) {
        return this.diverged(`The gradient of "${badGradient}" was not finite ${this.placeOf(epoch, index)}`);
      }
      if (this.callbacks.followsBatches) {
        const reason = await this.callbacks.batchEnd(batch, { loss });
        if (reason !== undefined) return { status: "stopped", reason };
      }
      if (this.breather.isDue()) await this.breather.breathe();
      index++;
    }
    return undefined;
  }

  private runStep(rows: Int32Array): StepResult {
    const withNorms = this.norms.areWantedAt(this.steps);
    try {
      return this.norms.pass(this.step.run(rows, withNorms));
    } catch (error) {
      if (!(error instanceof NotCompiled)) throw error;
      this.notCompiled = error.message;
    }
    this.step.dispose();
    this.step = new EagerStep(this.parts);
    return this.norms.pass(this.step.run(rows, withNorms));
  }

  private async validate(epoch: Task, stopRequested: () => boolean): Promise<End | undefined> {
    const { model } = this.plan;
    const place = `after epoch ${epoch.index + 1} of ${this.plan.epochs}`;
    if (!hasFiniteWeights(model)) return this.diverged(`A weight was no longer finite ${place}`);
    if (this.validation === null) return undefined;
    const refused = await this.callbacks.validationBegin(epoch);
    if (refused !== undefined) return { status: "stopped", reason: refused };
    const isComplete = await measure(this.validation.inference, this.validation.meter, stopRequested);
    if (this.notCompiled === null) noteNotCompiled("fit: validation", model, this.validation.inference.notCompiled);
    if (!isComplete) return this.interrupted(`in the validation ${place}`);
    const { loss } = this.validation.meter.result();
    return Number.isFinite(loss) ? undefined : this.diverged(`The validation loss became ${loss} ${place}`);
  }

  private whatBroke(what: string, rows: Int32Array, epoch: Task, step: number): string {
    const layer = firstNotFiniteLayer(this.plan.model, this.plan.train.inputs, rows);
    const first = layer === null ? "" : ` (the first outputs that were not finite are those of layer "${layer}")`;
    return `${what} ${this.placeOf(epoch, step)}${first}`;
  }

  private interrupted(place: string): End {
    return { status: "interrupted", reason: `Stopped on request ${place}.` };
  }

  private diverged(what: string): End {
    this.step.restoreLastGood();
    const reason = `${what}; the weights of the last good step are back. Try a smaller learningRate, or scale the columns of x.`;
    return { status: "diverged", reason };
  }

  private placeOf(epoch: Task, step: number): string {
    return `in epoch ${epoch.index + 1} of ${this.plan.epochs}, at step ${step + 1} of ${this.stepsPerEpoch}`;
  }

  private get stepsPerEpoch(): number {
    return Math.ceil(this.order.length / this.plan.batchSize);
  }

  private epochMetrics(): Metrics {
    const validation = Object.entries(this.validation?.meter.result() ?? {});
    return { ...this.meter.result(), ...Object.fromEntries(validation.map(([k, v]) => [`val_${k}`, v])) };
  }

  private ending(end: End): Ending {
    return { ...end, metrics: this.rows.at(-1)?.metrics ?? {} };
  }

  private fitTask(): FitTask {
    const { title, epochs, batchSize, optimizer, model, train, validation } = this.plan;
    const names = this.meter.names;
    const restoredEpoch = () => this.restoredEpoch;
    const steps = () => this.steps;
    const { weights } = model;
    const restoring = (kept: Kept, epoch: number): KeptWeights => ({
      ...kept,
      epoch,
      restore: () => {
        kept.restore();
        this.restoredEpoch = epoch;
      },
      toJSON: () => ({ epoch, weights: kept.toJSON() }),
    });
    return {
      runId: randomUUID(),
      model,
      setup: runSetup(this.plan),
      name: title,
      index: 0,
      total: epochs,
      parent: null,
      reports: validation === null ? names : [...names, ...names.map((name) => `val_${name}`)],
      nSamples: train.nSamples,
      get step() {
        return steps();
      },
      get learningRate() {
        return optimizer.learningRate;
      },
      get restoredEpoch() {
        return restoredEpoch();
      },
      setLearningRate: (rate) => {
        optimizer.learningRate = rate;
      },
      keepWeights: () => restoring(keepWeights(weights), this.rows.length),
      weightsFromJSON: (json) => {
        const kept = json as { readonly epoch: number; readonly weights: readonly string[] };
        return restoring(weightsFromJSON(weights, kept.weights), kept.epoch);
      },
      weights: () => readWeights(weights, this.notCompiled === null ? this.variables : null),
      setWeights: (values) => writeWeights(weights, values),
      reestimateBatchStatistics: () => reestimateBatchStatistics(model, train, batchSize),
      watchNorms: (isWanted, listener) => this.norms.add(isWanted, listener),
      checkpoint: async () => {
        throw new EtudeError("fit: this run writes no checkpoints.");
      },
    };
  }
}
