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
  /** The names that `metrics` of each `onEpochEnd` will have. */
  readonly reports: readonly string[];
  /** Rows of the training part. */
  readonly nSamples: number;
  readonly learningRate: number;
  /** The epoch whose weights a callback has put back, from 1; null if none has. */
  readonly restoredEpoch: number | null;
  /** Keeps what the model has learned up to now, to put it back later. */
  keepWeights(): KeptWeights;
}

/** Weights that were kept; whoever keeps them disposes of them. */
export interface KeptWeights {
  restore(): void;
  dispose(): void;
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

/**
 * Follows a training run, and may end it by what a hook returns. Every hook is optional and may be async.
 *
 * A callback resets its own state in `onTrainBegin`, so one object serves many runs. An error there ends `fit` before
 * anything is trained; an error in a later hook is reported once and training goes on. `onTrainEnd` is called whatever ended
 * the run.
 *
 * @example
 * fit(model, { ...options, callbacks: [{ onEpochEnd: (epoch, { loss }) => console.log(epoch.index, loss) }] });
 */
export interface Callback {
  onTrainBegin?(fit: FitTask): void | Promise<void>;
  onEpochBegin?(epoch: Task): void | Promise<void>;
  /** `metrics` holds the loss of this batch. Return `"stop"` to end training after this step. */
  onBatchEnd?(batch: Task, metrics: Metrics): Answer | Promise<Answer>;
  /** Return `"stop"` to end training after this epoch. */
  onEpochEnd?(epoch: Task, metrics: Metrics): Answer | Promise<Answer>;
  onTrainEnd?(fit: FitTask, ending: Ending): void | Promise<void>;
}
