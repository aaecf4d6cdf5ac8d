import { bestEpoch } from "../callbacks/best-epoch.js";
import type { Ending, FitTask, Metrics, Task } from "../callbacks/callback.js";
import { CallbackList } from "../callbacks/callback-list.js";
import { NotCompiled, whyNothingCompiles } from "../engine/compiled/compiled-function.js";
import { HostVariables } from "../engine/compiled/host-variables.js";
import { hasOwnLayers } from "../engine/own-layers.js";
import { isLoss } from "../losses/losses.js";
import type { Checkpoint } from "../runs/checkpoint.js";
import type { Recorder } from "../runs/recorder.js";
import type { RunSetup } from "../runs/run-event.js";
import { batches } from "./batches.js";
import { Breather } from "./breather.js";
import { firstNotFiniteLayer } from "./first-not-finite-layer.js";
import { fitTask } from "./fit-task.js";
import { History } from "./history.js";
import { type Inference, measure, measuring } from "./inference.js";
import type { Meter } from "./meter.js";
import { meterFor } from "./metrics.js";
import { noteNotCompiled } from "./note-not-compiled.js";
import { rememberLoss } from "./output-kind.js";
import type { FitPlan } from "./preflight.js";
import { type Run, runOf } from "./run.js";
import { configOf } from "./run-config.js";
import type { Samples } from "./samples.js";
import { NormWatches } from "./step-norms.js";
import { CompiledStep, EagerStep, type StepParts, type StepResult, type TrainStep } from "./train-step.js";
import { TrainingState } from "./training-state.js";
import { hasFiniteWeights } from "./weights.js";

type End = Pick<Ending, "status" | "reason">;

/** One training run: holds tensors from its construction to {@link dispose}. */
export class Training {
  private readonly callbacks: CallbackList;
  private readonly meter: Meter;
  private readonly validation: { readonly inference: Inference; readonly meter: Meter } | null;
  private readonly state: TrainingState;
  private readonly variables = new HostVariables();
  private readonly parts: StepParts;
  private step: TrainStep;
  private readonly breather = new Breather();
  private readonly norms = new NormWatches();

  /** @param from - Where the run goes on; null: it begins. */
  constructor(
    private readonly plan: FitPlan,
    private readonly recorder: Recorder,
    private readonly from: Checkpoint | null = null,
  ) {
    const { model, train, validation, objective, optimizer } = plan;
    const meterOf = (samples: Samples) => meterFor(model, objective, plan.metrics, samples);
    this.callbacks = new CallbackList(plan.callbacks);
    this.meter = meterOf(train);
    const isOwnCode = objective.outputs.some(({ loss }) => !isLoss(loss)) || hasOwnLayers(model);
    const compiling = plan.compile ? "always" : "never";
    this.validation = validation && {
      inference: measuring(model, objective, validation, { variables: this.variables, compiling }),
      meter: meterOf(validation),
    };
    this.state = new TrainingState(plan, this.meter, this.callbacks);
    this.state.notCompiled = plan.compile ? whyNothingCompiles() : "compile is false";
    this.parts = { model, objective, optimizer, samples: train, random: this.state.dropout, isOwnCode };
    this.step = this.firstStep();
  }

  async run(stopRequested: () => boolean): Promise<Run> {
    const { state, callbacks } = this;
    const task = this.fitTask();
    await this.begin(task);
    const end = await this.trainEpochs(task, stopRequested).catch(async (error: Error) => {
      await callbacks.exception(task, error);
      await callbacks.trainEnd(task, this.ending({ status: "stopped", reason: error.message }));
      this.recordEnd({ status: "failed", reason: error.message });
      throw error;
    });
    await this.checkpoint(); // before the callbacks put other weights in the place of those to go on with
    rememberLoss(this.plan.model, this.plan.objective);
    await callbacks.trainEnd(task, this.ending(end));
    this.recordEnd(end);
    return runOf({
      id: this.recorder.id,
      title: this.plan.title,
      ...end,
      model: this.plan.model,
      history: new History(state.rows),
      best: this.best,
      restoredEpoch: state.restoredEpoch,
      notCompiled: state.notCompiled,
      lossWeights: this.plan.objective.weights(),
      callbackCosts: callbacks.costs(),
      seconds: state.seconds,
    });
  }

  dispose(): void {
    this.step.dispose();
    this.state.dispose();
    this.validation?.inference.dispose();
    this.variables.release();
    this.plan.objective.dispose();
    if (this.plan.ownsOptimizer) this.plan.optimizer.dispose();
  }

  /** Begins the run, or goes on with it: its callbacks first, which may refuse it. */
  private async begin(task: FitTask): Promise<void> {
    const { from, state, plan } = this;
    if (from !== null) await state.restore(from);
    await this.callbacks.trainBegin(task);
    if (from === null) {
      await this.recorder.begin((folder) => configOf(plan, folder, task.setup as RunSetup));
      return this.checkpoint();
    }
    const setup = task.setup as RunSetup;
    await this.recorder.goOn({ epoch: from.epoch, step: from.step, setup });
    if (plan.newLearningRate !== undefined) Object.assign(plan.optimizer, { learningRate: plan.newLearningRate });
    state.restoreCallbacks(from);
    if (state.notCompiled === null) return;
    this.step.dispose();
    this.step = new EagerStep(this.parts);
  }

  private async trainEpochs(task: FitTask, stopRequested: () => boolean): Promise<End> {
    const { epochs } = this.plan;
    while (this.state.rows.length < epochs) {
      const epoch: Task = { name: "epoch", index: this.state.rows.length, total: this.stepsPerEpoch, parent: task };
      const end =
        (await this.beginEpoch(epoch)) ??
        (await this.trainEpoch(epoch, stopRequested)) ??
        (await this.validate(epoch, stopRequested)) ??
        (await this.endEpoch(epoch));
      if (end !== undefined) return end;
    }
    return { status: "completed", reason: epochs === 1 ? "Its one epoch ran." : `All ${epochs} epochs ran.` };
  }

  /** Like the three after it: returns how the run ended, if it did. */
  private async beginEpoch(epoch: Task): Promise<End | undefined> {
    if (!this.state.isInEpoch) {
      const refused = await this.callbacks.epochBegin(epoch);
      if (refused !== undefined) return { status: "stopped", reason: refused };
      this.state.beginEpoch();
    }
    this.step.refresh();
    return undefined;
  }

  /** Batch after batch. */
  private async trainEpoch(epoch: Task, stopRequested: () => boolean): Promise<End | undefined> {
    const { state, callbacks } = this;
    for (const rows of batches(state.order, this.plan.batchSize, state.batch)) {
      const batch: Task = { name: "batch", index: state.batch, total: null, parent: epoch };
      if (stopRequested()) return this.interrupted(this.placeOf(batch));
      const refused = callbacks.followsBatches ? await callbacks.batchBegin(batch) : undefined;
      if (refused !== undefined) return { status: "stopped", reason: refused };
      const { badGradient, ...measured } = this.runStep(rows);
      const { loss } = measured;
      if (!Number.isFinite(loss)) return this.diverged(this.whatBroke(`The loss became ${loss}`, rows, batch));
      if (badGradient !== null) {
        return this.diverged(`The gradient of "${badGradient}" was not finite ${this.placeOf(batch)}`);
      }
      this.meter.add(rows, measured);
      state.steps++;
      state.batch++;
      const reason = callbacks.followsBatches ? await callbacks.batchEnd(batch, { loss }) : undefined;
      if (reason !== undefined) return { status: "stopped", reason };
      if (this.recorder.isDueAfterStep(state.steps)) await this.checkpoint();
      if (this.breather.isDue()) await this.breather.breathe();
    }
    return undefined;
  }

  private async validate(epoch: Task, stopRequested: () => boolean): Promise<End | undefined> {
    const place = `after epoch ${epoch.index + 1} of ${this.plan.epochs}`;
    if (!hasFiniteWeights(this.plan.model)) return this.diverged(`A weight was no longer finite ${place}`);
    if (this.validation === null) return undefined;
    const refused = await this.callbacks.validationBegin(epoch);
    if (refused !== undefined) return { status: "stopped", reason: refused };
    const isComplete = await measure(this.validation.inference, this.validation.meter, stopRequested);
    if (this.state.notCompiled === null) {
      noteNotCompiled("fit: validation", this.plan.model, this.validation.inference.notCompiled);
    }
    if (!isComplete) return this.interrupted(`in the validation ${place}`);
    const { loss } = this.validation.meter.result();
    return Number.isFinite(loss) ? undefined : this.diverged(`The validation loss became ${loss} ${place}`);
  }

  private async endEpoch(epoch: Task): Promise<End | undefined> {
    const { state, recorder } = this;
    const metrics = this.epochMetrics();
    const row = {
      epoch: epoch.index + 1,
      metrics,
      learningRate: state.epochLearningRate,
      seconds: state.epochSeconds,
    };
    state.endEpoch(row);
    recorder.epoch(row);
    if (recorder.path !== null && bestEpoch(state.rows) === row) state.keepBest();
    const reason = await this.callbacks.epochEnd(epoch, metrics);
    if (reason !== undefined) return { status: "stopped", reason };
    if (recorder.isDueAfterEpoch()) await this.checkpoint();
    return undefined;
  }

  private checkpoint(): Promise<void> {
    return this.recorder.checkpoint(() => this.state.capture());
  }

  private recordEnd(end: { readonly status: Ending["status"] | "failed"; readonly reason: string }): void {
    const { seconds } = this.state;
    this.recorder.end({ ...end, seconds, bestEpoch: this.best?.epoch ?? null });
  }

  private get best() {
    const { rows, restoredEpoch } = this.state;
    return rows.find(({ epoch }) => epoch === restoredEpoch) ?? bestEpoch(rows) ?? null;
  }

  private firstStep(): TrainStep {
    return this.state.notCompiled === null ? new CompiledStep(this.parts, this.variables) : new EagerStep(this.parts);
  }

  private runStep(rows: Int32Array): StepResult {
    const withNorms = this.norms.areWantedAt(this.state.steps);
    try {
      return this.norms.pass(this.step.run(rows, withNorms));
    } catch (error) {
      if (!(error instanceof NotCompiled)) throw error;
      this.state.notCompiled = error.message;
    }
    this.step.dispose();
    this.step = new EagerStep(this.parts);
    return this.norms.pass(this.step.run(rows, withNorms));
  }

  private whatBroke(what: string, rows: Int32Array, batch: Task): string {
    const layer = firstNotFiniteLayer(this.plan.model, this.plan.train.inputs, rows);
    const first = layer === null ? "" : ` (the first outputs that were not finite are those of layer "${layer}")`;
    return `${what} ${this.placeOf(batch)}${first}`;
  }

  private interrupted(place: string): End {
    return { status: "interrupted", reason: `Stopped on request ${place}.` };
  }

  private diverged(what: string): End {
    this.step.restoreLastGood();
    const reason = `${what}; the weights of the last good step are back. Try a smaller learningRate, or scale the columns of x.`;
    return { status: "diverged", reason };
  }

  private placeOf({ index, parent }: Task): string {
    return `in epoch ${parent!.index + 1} of ${this.plan.epochs}, at step ${index + 1} of ${this.stepsPerEpoch}`;
  }

  private get stepsPerEpoch(): number {
    return Math.ceil(this.state.order.length / this.plan.batchSize);
  }

  private epochMetrics(): Metrics {
    const validation = Object.entries(this.validation?.meter.result() ?? {});
    return { ...this.meter.result(), ...Object.fromEntries(validation.map(([k, v]) => [`val_${k}`, v])) };
  }

  private ending(end: End): Ending {
    return { ...end, metrics: this.state.rows.at(-1)?.metrics ?? {} };
  }

  private fitTask(): FitTask {
    const names = this.meter.names;
    return fitTask({
      plan: this.plan,
      state: this.state,
      recorder: this.recorder,
      norms: this.norms,
      variables: this.variables,
      reports: this.validation === null ? names : [...names, ...names.map((name) => `val_${name}`)],
    });
  }
}
