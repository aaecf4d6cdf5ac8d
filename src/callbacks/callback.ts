import type { JsonValue } from "../core/json.js";
import type { tf } from "../engine/tf.js";

/** A running piece of work: a search, a trial in it, a fold, a fit, an epoch, a batch. */
export interface Task {
  readonly name: string;
  /** Among its siblings, from 0. */
  readonly index: number;
  /** Children to expect; null when nobody knows yet. */
  readonly total: number | null;
  readonly parent: Task | null;
}

/** A training run as its callbacks see it. */
export interface FitTask extends Task {
  /** Tells this run from all others. */
  readonly runId: string;
  readonly model: tf.LayersModel;
  /** The hyperparameters of the run as plain data. */
  readonly setup: { readonly [name: string]: JsonValue | undefined };
  /** The names that `metrics` of each `onEpochEnd` will have. */
  readonly reports: readonly string[];
  /** Rows of the training part. */
  readonly nSamples: number;
  /** Steps so far, over all epochs. */
  readonly step: number;
  /** That of the next step. */
  readonly learningRate: number;
  /** The epoch whose weights a callback has put back, from 1; null if none has. */
  readonly restoredEpoch: number | null;
  /** From the next step on. @param rate - From 0. */
  setLearningRate(rate: number): void;
  /** Keeps what the model has learned up to now, to put it back later. */
  keepWeights(): KeptWeights;
  /** Makes kept weights again of what {@link KeptWeights.toJSON} wrote. */
  weightsFromJSON(json: JsonValue): KeptWeights;
  /** The numbers of each weight of the model, in its order, to be read before the next step and left as they are. */
  weights(): readonly Float32Array[];
  /** Gives the model other numbers. @param values - As {@link weights} gives them. */
  setWeights(values: readonly Float32Array[]): void;
  /** Passes the training rows through the model to set the moments of its batch normalisations anew, for the weights that it has. */
  reestimateBatchStatistics(): Promise<void>;
  /** Measures the norms of a step for `listener` whenever `isWanted` says so, just before the step. */
  watchNorms(isWanted: (step: number) => boolean, listener: (norms: readonly WeightNorms[]) => void): void;
  /**
   * Writes all that the run needs to go on from here to the disk.
   * @param name - Such as `"best"`; a checkpoint of this name is replaced.
   * @param reason - One sentence: why it was written.
   * @returns Where it lies.
   */
  checkpoint(name: string, reason: string): Promise<string>;
}

/** Euclidean lengths around one step of a weight that is trained. */
export interface WeightNorms {
  /** The name of the weight. */
  readonly name: string;
  /** Of its gradient, before any clipping. */
  readonly gradient: number;
  /** Of the weight before the step. */
  readonly weight: number;
  /** Of what the step added to it. */
  readonly update: number;
}

/** Weights that were kept; whoever keeps them disposes of them. */
export interface KeptWeights {
  /** The epochs that were complete when they were kept. */
  readonly epoch: number;
  restore(): void;
  dispose(): void;
  /** Every bit of them as plain data, for a checkpoint. */
  toJSON(): JsonValue;
}

export type Metrics = Readonly<Record<string, number>>;

/** How a training run ended; with the latest metrics, empty if no epoch ended. */
export interface Ending {
  readonly status: RunStatus;
  /** One sentence: what ended it. */
  readonly reason: string;
  readonly metrics: Metrics;
}

export type RunStatus = "completed" | "stopped" | "interrupted" | "diverged";

/** Nothing: go on. `"stop"`: end the training here; as an object it says why, in one sentence. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing at all
export type Answer = void | "stop" | { readonly stop: string };

type Answered = Answer | Promise<Answer>;

/**
 * Follows a training run, and may end it by what a hook returns. Every hook is optional and may be async.
 *
 * A callback resets its own state in `onTrainBegin`, so one object serves many runs, one after the other. An `OptionError`
 * there ends `fit` before anything is trained. Any other error is reported once, the callback is left out from then on, and
 * training goes on. `onTrainEnd` is called whatever ended the run, after an error also `onException`.
 *
 * @example
 * fit(model, { ...options, callbacks: [{ onEpochEnd: (epoch, { loss }) => console.log(epoch.index, loss) }] });
 */
export interface Callback {
  /** How it is called in reports. @default the name of its class */
  readonly name?: string;
  onTrainBegin?(fit: FitTask): void | Promise<void>;
  onEpochBegin?(epoch: Task): Answered;
  /** Return `"stop"` to end training before this step. */
  onBatchBegin?(batch: Task): Answered;
  /** `metrics` holds the loss of this batch. Return `"stop"` to end training after this step. */
  onBatchEnd?(batch: Task, metrics: Metrics): Answered;
  /** All steps of the epoch are done; next the validation rows are measured. Only of a run that has some. */
  onValidationBegin?(epoch: Task): Answered;
  /** Return `"stop"` to end training after this epoch. */
  onEpochEnd?(epoch: Task, metrics: Metrics): Answered;
  /** The run ends with an error that no hook threw; `onTrainEnd` follows. */
  onException?(fit: FitTask, error: unknown): void | Promise<void>;
  onTrainEnd?(fit: FitTask, ending: Ending): void | Promise<void>;
  /** All that it needs to go on after a break of the run. */
  state?(): JsonValue;
  /** Goes on from what {@link state} gave, in a run that was begun anew: `onTrainBegin` has been called. */
  restore?(state: JsonValue): void;
}
