import type { FitTask } from "../callbacks/callback.js";
import { show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import type { HostVariables } from "../engine/compiled/host-variables.js";
import { isCheckpointName } from "../runs/checkpoint.js";
import type { Recorder } from "../runs/recorder.js";
import { reestimateBatchStatistics } from "./batch-statistics.js";
import type { FitPlan } from "./preflight.js";
import { runSetup } from "./run-setup.js";
import type { NormWatches } from "./step-norms.js";
import type { TrainingState } from "./training-state.js";
import { readWeights, writeWeights } from "./weights.js";

/** What a run shows its callbacks. */
export interface FitTaskParts {
  readonly plan: FitPlan;
  readonly state: TrainingState;
  readonly recorder: Recorder;
  readonly norms: NormWatches;
  readonly variables: HostVariables;
  readonly reports: readonly string[];
}

/** The run as its callbacks see it. */
export function fitTask({ plan, state, recorder, norms, variables, reports }: FitTaskParts): FitTask {
  const { title, epochs, batchSize, optimizer, model, train } = plan;
  const { weights } = model;
  return {
    runId: recorder.id,
    model,
    setup: runSetup(plan),
    name: title,
    index: 0,
    total: epochs,
    parent: null,
    reports,
    nSamples: train.nSamples,
    get step() {
      return state.steps;
    },
    get learningRate() {
      return optimizer.learningRate;
    },
    get restoredEpoch() {
      return state.restoredEpoch;
    },
    setLearningRate: (rate) => {
      optimizer.learningRate = rate;
    },
    keepWeights: () => state.keepWeights(),
    weightsFromJSON: (json) => state.kept.fromJSON(json),
    weights: () => readWeights(weights, state.notCompiled === null ? variables : null),
    setWeights: (values) => writeWeights(weights, values),
    reestimateBatchStatistics: () => reestimateBatchStatistics(model, train, batchSize),
    watchNorms: (isWanted, listener) => norms.add(isWanted, listener),
    checkpoint: async (name, reason) => {
      if (!isCheckpointName(name)) {
        throw new OptionError(
          `fit: the name of a checkpoint must be letters, digits, "-", "_" and ".", got ${show(name)}.`,
        );
      }
      return recorder.named(name, reason, () => state.capture());
    },
  };
}
