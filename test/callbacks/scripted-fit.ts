import type { Callback, Ending, FitTask, Metrics, Task, WeightNorms } from "../../src/callbacks/callback.js";
import { CallbackList, type CallbackState } from "../../src/callbacks/callback-list.js";

export interface ScriptedFitOptions {
  readonly status?: Ending["status"];
  readonly reports?: readonly string[];
  /** @default 1 */
  readonly stepsPerEpoch?: number;
  /** What the run throws after its last epoch. */
  readonly error?: Error;
  /** Goes on from a break after so many epochs. @default 0 */
  readonly from?: number;
  /** What the callbacks had to say at the break. */
  readonly states?: readonly CallbackState[];
  readonly learningRate?: number;
  /** What the task has or does instead. */
  readonly task?: Partial<FitTask>;
  /** The epoch after which to leave the run as a killed process would. */
  readonly killAfter?: number;
  /** The one weight of the run, two numbers, to begin with. @default [0, 0] */
  readonly weight?: Float32Array;
}

/** Plays the hooks of a fit whose epochs report `script`, without a model: a step adds 1 and the loss to its one weight. */
export async function scriptedFit(
  callbacks: readonly Callback[],
  script: readonly Metrics[],
  options: ScriptedFitOptions = {},
) {
  const { stepsPerEpoch = 1, from = 0 } = options;
  const log: string[] = [];
  const rates: number[] = [];
  const checkpoints: { name: string; reason: string; step: number }[] = [];
  let epochs = from;
  let step = from * stepsPerEpoch;
  let kept = 0;
  let learningRate = options.learningRate ?? 0.1;
  let restored: number | null = null;
  let weight = options.weight ?? Float32Array.of(0, 0);
  const watches: Parameters<FitTask["watchNorms"]>[] = [];
  const weightsOf = (epoch: number) => {
    kept++;
    return {
      epoch,
      restore: () => {
        restored = epoch;
        log.push(`restored epoch ${epoch}`);
      },
      dispose: () => void kept--,
      toJSON: () => epoch,
    };
  };
  const fit: FitTask = {
    name: "scripted",
    index: 0,
    total: script.length,
    parent: null,
    runId: "run-1",
    model: undefined as never,
    setup: { epochs: script.length, loss: "scripted" },
    reports: options.reports ?? Object.keys(script[0] ?? {}),
    nSamples: 10,
    get step() {
      return step;
    },
    get learningRate() {
      return learningRate;
    },
    get restoredEpoch() {
      return restored;
    },
    setLearningRate: (rate) => {
      learningRate = rate;
    },
    keepWeights: () => weightsOf(epochs),
    weightsFromJSON: (json) => weightsOf(json as number),
    weights: () => [weight],
    setWeights: ([values]) => {
      weight = values!.slice();
    },
    reestimateBatchStatistics: async () => void log.push("batch statistics"),
    watchNorms: (...watch) => void watches.push(watch),
    checkpoint: async (name, reason) => {
      checkpoints.push({ name, reason, step });
      return `checkpoints/${name}`;
    },
    ...options.task,
  };
  const list = new CallbackList(callbacks);
  await list.trainBegin(fit);
  if (options.states) list.restore(options.states);
  let reason: string | undefined;
  for (const metrics of script.slice(from)) {
    const epoch: Task = { name: "epoch", index: epochs, total: stepsPerEpoch, parent: fit };
    reason ??= await list.epochBegin(epoch);
    for (let index = 0; index < stepsPerEpoch && reason === undefined; index++) {
      const batch: Task = { name: "batch", index, total: null, parent: epoch };
      reason ??= await list.batchBegin(batch);
      if (reason !== undefined) break;
      rates.push(learningRate);
      const due = watches.filter(([isWanted]) => isWanted(step));
      const loss = metrics.loss ?? 0;
      const norms: WeightNorms[] = [{ name: "dense/kernel", gradient: loss, weight: weight[0]!, update: 1 }];
      weight = Float32Array.of(weight[0]! + 1, weight[1]! + loss);
      step++;
      for (const [, listener] of due) listener(norms);
      reason ??= await list.batchEnd(batch, { loss });
    }
    if (reason !== undefined) break;
    reason ??= await list.validationBegin(epoch);
    epochs++;
    reason ??= await list.epochEnd(epoch, metrics);
    if (reason !== undefined || epochs === options.killAfter) break;
  }
  if (epochs === options.killAfter) return { ...end(), stillKept: kept };
  if (options.error) await list.exception(fit, options.error);
  const status = options.status ?? (reason === undefined && !options.error ? "completed" : "stopped");
  const ending = { status, reason: reason ?? options.error?.message ?? "", metrics: script[epochs - 1] ?? {} };
  await list.trainEnd(fit, ending);
  return { ...end(), stillKept: kept, ending };

  function end() {
    const states: CallbackState[] = JSON.parse(JSON.stringify(list.state()));
    return { epochs, reason, log, rates, checkpoints, states, costs: list.costs(), weight };
  }
}
