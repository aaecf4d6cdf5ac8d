import type { LossConfig } from "../losses/loss.js";
import { isLoss } from "../losses/losses.js";
import type { MetricName } from "../metrics/metrics.js";
import { describeModel, type ModelDescription, unknownLayerClass } from "../models/model-description.js";
import { plainText } from "../models/plain-text.js";
import type { OptimizerConfig } from "../optimizers/optimizer.js";
import { askedName } from "./metrics.js";
import { notesWithLoss } from "./output-kind.js";
import type { FitPlan } from "./preflight.js";
import { callbackNames } from "./run-setup.js";
import type { ClassWeights } from "./sample-weights.js";

/** What makes a run again in another process, as plain data; null stands for what is code, which its owner passes again. */
export interface RunRecipe {
  readonly model: ModelDescription | null;
  /** Why the model cannot be described. */
  readonly noModel: string | null;
  /** Of the user, and what `fit` notes, as `saveModel` keeps them. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Of each output of the model. */
  readonly losses: readonly {
    readonly output: string;
    readonly loss: LossConfig | null;
    readonly weight: number | null;
  }[];
  readonly optimizer: OptimizerConfig | null;
  readonly optimizerName: string;
  /** Of each output. */
  readonly metrics: readonly (readonly (MetricName | null)[])[];
  readonly classWeights: ClassWeights | null;
  readonly callbacks: readonly string[];
  readonly hasValidation: boolean;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly compile: boolean;
}

export function recipeOf(plan: FitPlan): RunRecipe {
  const { model, objective, optimizer, metrics, epochs, batchSize, seed, shuffle, compile } = plan;
  return {
    ...describedModel(plan),
    metadata: notesWithLoss(model, objective) as Record<string, unknown>,
    losses: objective.outputs.map(({ output, loss, weight }) => {
      return { output, loss: isLoss(loss) ? loss.config : null, weight };
    }),
    optimizer: optimizer.config,
    optimizerName: optimizer.name,
    metrics: metrics.map((own) => own.map(askedName)),
    classWeights: plan.classWeights ?? null,
    callbacks: callbackNames(plan),
    hasValidation: plan.validation !== null,
    epochs,
    batchSize,
    seed,
    shuffle,
    compile,
  };
}

function describedModel({ model }: FitPlan): Pick<RunRecipe, "model" | "noModel"> {
  try {
    const description = describeModel(model);
    const unknown = unknownLayerClass(description);
    if (unknown !== undefined) return { model: null, noModel: `the layer class "${unknown}" is not registered` };
    return { model: JSON.parse(plainText("fit", "the options of a layer", description)), noModel: null };
  } catch (error) {
    return { model: null, noModel: (error as Error).message.replace(/^\w+: /, "").replace(/\.$/, "") };
  }
}
