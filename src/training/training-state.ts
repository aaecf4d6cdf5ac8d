import type { KeptWeights } from "../callbacks/callback.js";
import type { CallbackList, CallbackState } from "../callbacks/callback-list.js";
import type { JsonValue } from "../core/json.js";
import { RandomStream } from "../core/random.js";
import { tf } from "../engine/tf.js";
import { distinctWeights } from "../models/model-weights.js";
import type { StoredArray } from "../models/safetensors.js";
import type { OptimizerStateJSON } from "../optimizers/optimizer.js";
import type { Checkpoint } from "../runs/checkpoint.js";
import { arrayKinds, arraysUnder } from "../runs/checkpoint-arrays.js";
import { arraysFor, setModelWeights } from "../runs/checkpoint-model.js";
import { allRows } from "./batches.js";
import type { HistoryRow } from "./history.js";
import { KeptWeightsOfRun } from "./kept-weights.js";
import type { Meter, MeterState } from "./meter.js";
import { loadSlots, slotArrays } from "./optimizer-slots.js";
import type { FitPlan } from "./preflight.js";

/** What a checkpoint says of a run besides its numbers. */
interface StoredState {
  readonly rows: readonly HistoryRow[];
  readonly batch: number;
  readonly isInEpoch: boolean;
  readonly epochLearningRate: number;
  readonly seconds: number;
  readonly epochSeconds: number;
  readonly restoredEpoch: number | null;
  readonly notCompiled: string | null;
  readonly shuffle: readonly number[];
  readonly dropout: readonly number[];
  readonly meter: MeterState;
  readonly optimizer: OptimizerStateJSON;
  readonly callbacks: readonly CallbackState[];
  /** Where the best weights were kept; null if they are not. */
  readonly best: JsonValue;
}

/** What changes in a run while it trains, and how it is written down and taken up again. */
export class TrainingState {
  /** Of the complete epochs. */
  rows: HistoryRow[] = [];
  /** Of the whole run. */
  steps = 0;
  /** Steps of the epoch that runs. */
  batch = 0;
  /** Whether the epoch that runs has begun: its callbacks were asked and its rows are in their order. */
  isInEpoch = false;
  epochLearningRate = Number.NaN;
  restoredEpoch: number | null = null;
  /** Why the step runs operation by operation. */
  notCompiled: string | null = null;
  /** The rows in the order of this epoch. */
  readonly order: Int32Array;
  readonly shuffle: RandomStream;
  readonly dropout: RandomStream;
  readonly kept: KeptWeightsOfRun;
  private best: KeptWeights | undefined;
  private startedMs = performance.now();
  private epochStartedMs = performance.now();

  constructor(
    private readonly plan: FitPlan,
    private readonly meter: Meter,
    private readonly callbacks: CallbackList,
  ) {
    this.order = allRows(plan.train.nSamples);
    this.shuffle = RandomStream.of(plan.seed, "shuffle");
    this.dropout = RandomStream.of(plan.seed, "dropout");
    this.kept = new KeptWeightsOfRun(plan.model, (epoch) => {
      this.restoredEpoch = epoch;
    });
  }

  /** Of training, pauses left out. */
  get seconds(): number {
    return (performance.now() - this.startedMs) / 1000;
  }

  get epochSeconds(): number {
    return (performance.now() - this.epochStartedMs) / 1000;
  }

  /** The rows in their order for a new epoch. */
  beginEpoch(): void {
    this.batch = 0;
    this.epochStartedMs = performance.now();
    this.epochLearningRate = this.plan.optimizer.learningRate;
    this.meter.reset();
    if (this.plan.shuffle) this.shuffle.shuffle(this.order);
    this.isInEpoch = true;
  }

  endEpoch(row: HistoryRow): void {
    this.rows.push(row);
    this.batch = 0;
    this.isInEpoch = false;
  }

  /** Keeps the weights as they are now. */
  keepWeights(): KeptWeights {
    return this.kept.keep({ epoch: this.rows.length, step: this.steps });
  }

  /** Keeps the weights as the best of the run. */
  keepBest(): void {
    const before = this.best;
    this.best = this.keepWeights();
    before?.dispose();
  }

  /** The weights, all that the optimizer remembers, and where everything stands. */
  async capture(): Promise<Checkpoint> {
    const { model, objective, optimizer } = this.plan;
    const { json, arrays: slots } = await optimizer.state();
    // Nothing is awaited from here on, so that all is of one step.
    const state: StoredState = {
      rows: this.rows,
      batch: this.batch,
      isInEpoch: this.isInEpoch,
      epochLearningRate: this.epochLearningRate,
      seconds: this.seconds,
      epochSeconds: this.epochSeconds,
      restoredEpoch: this.restoredEpoch,
      notCompiled: this.notCompiled,
      shuffle: [...this.shuffle.state()],
      dropout: [...this.dropout.state()],
      meter: this.meter.state(),
      optimizer: json,
      callbacks: this.callbacks.state(),
      best: this.best?.toJSON() ?? null,
    };
    const arrays: [string, StoredArray][] = [
      ...[...distinctWeights(model)].map(([key, weight]) => [arrayKinds.weight + key, arrayOf(weight.read())] as const),
      ...objective.variables.map((variable, i) => [arrayKinds.objective + i, arrayOf(variable)] as const),
      ...slotArrays(slots, model, objective),
      [arrayKinds.order, { data: this.order, shape: [this.order.length] }],
      ...this.kept.arrays(),
    ].map(([name, array]) => [name as string, array as StoredArray]);
    return {
      step: this.steps,
      epoch: this.rows.length,
      state: state as unknown as JsonValue,
      arrays: new Map(arrays),
    };
  }

  /** Takes up what {@link capture} wrote, but for the callbacks, which have not begun yet. */
  async restore({ step, state, arrays: written }: Checkpoint): Promise<void> {
    const { model, objective, optimizer } = this.plan;
    const stored = state as unknown as StoredState;
    const arrays = arraysFor(model, written);
    setModelWeights(model, arraysUnder(arrays, arrayKinds.weight));
    for (const [i, variable] of objective.variables.entries()) {
      setVariable(variable, arrays.get(arrayKinds.objective + i)!);
    }
    await optimizer.load({
      json: stored.optimizer,
      arrays: loadSlots(arraysUnder(arrays, arrayKinds.slot), model, objective),
    });
    this.order.set(arrays.get(arrayKinds.order)!.data as Int32Array);
    this.shuffle.restore(stored.shuffle);
    this.dropout.restore(stored.dropout);
    this.meter.restore(stored.meter);
    this.kept.load(arrays);
    if (stored.best !== null) this.best = this.kept.fromJSON(stored.best);
    this.rows = [...stored.rows];
    this.steps = step;
    const { batch, isInEpoch, epochLearningRate, restoredEpoch, notCompiled } = stored;
    Object.assign(this, { batch, isInEpoch, epochLearningRate, restoredEpoch, notCompiled });
    this.startedMs = performance.now() - stored.seconds * 1000;
    this.epochStartedMs = performance.now() - stored.epochSeconds * 1000;
  }

  /** The rest of {@link restore}, once the callbacks have begun. */
  restoreCallbacks({ state }: Checkpoint): void {
    this.callbacks.restore((state as unknown as StoredState).callbacks);
    this.kept.disposeUnclaimed();
  }

  dispose(): void {
    this.kept.dispose();
  }
}

function setVariable(variable: tf.Variable, { data, shape }: StoredArray): void {
  tf.tidy(() => variable.assign(tf.tensor(data as Float32Array, [...shape])));
}

function arrayOf(value: tf.Tensor): StoredArray {
  return { data: value.dataSync(), shape: value.shape, isBool: value.dtype === "bool" };
}
