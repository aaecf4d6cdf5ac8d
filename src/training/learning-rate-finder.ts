import type { Callback, FitTask, Metrics, Task } from "../callbacks/callback.js";
import type { Chart } from "../charts/chart.js";
import { learningRateChart, type RateRow } from "../charts/learning-rate-chart.js";
import { checkNumber } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import type { tf } from "../engine/tf.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { type OptimizerName, optimizers } from "../optimizers/optimizers.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import { train } from "./fit.js";
import type { FitOptions } from "./fit-options.js";
import { checkFit } from "./preflight.js";
import type { Rows } from "./rows.js";
import { keepWeights } from "./weights.js";

export interface LearningRateFinderOptions<X extends Rows = Rows>
  extends Pick<FitOptions<X>, "train" | "loss" | "lossWeights" | "classWeights" | "batchSize" | "seed" | "compile"> {
  /** By name, or one that is not of `tf.train`: a copy of it is tried. @default "adam" */
  readonly optimizer?: OptimizerName | Optimizer;
  /** The first rate that is tried, above 0. @default 1e-7 */
  readonly from?: number;
  /** The last one. @default 10 */
  readonly to?: number;
  /** How many rates, from 20. @default 100 */
  readonly steps?: number;
  /** Of the moving mean of the losses, 0 to below 1. @default 0.98 */
  readonly beta?: number;
  /** Ends when the smoothed loss is so many times the least one. @default 4 */
  readonly stopAt?: number;
}

/** What {@link findLearningRate} found. */
export class LearningRates implements Displayable {
  /** @param rows - One for each step. */
  constructor(readonly rows: readonly RateRow[]) {}

  /** In the longest stretch in which the loss falls, after half of it: a rate to begin with; null if it never falls. */
  get suggestion(): number | null {
    return valley(this.judged);
  }

  /** Where the loss falls most steeply; null if it never falls. */
  get steepest(): number | null {
    return steepest(this.judged);
  }

  get chart(): Chart {
    return learningRateChart(this.rows, { suggestion: this.suggestion, steepest: this.steepest });
  }

  [displaySymbol](): MimeBundle | Promise<MimeBundle> {
    return this.chart[displaySymbol]();
  }

  /** Without the first tenth, where the mean of few losses jumps, and the last five, which diverge. */
  private get judged(): readonly RateRow[] {
    return this.rows.slice(Math.floor(this.rows.length / 10), -5);
  }
}

/**
 * Trains for a few steps with a learning rate that grows from step to step, and says where the loss falls. Model, optimizer and
 * random streams are afterwards as they were. Smith, WACV 2017; the suggestions are those of fastai.
 *
 * @throws OptionError if a number is out of range, or the optimizer cannot be copied; what `fit` throws for model and data.
 *
 * @example
 * const found = await findLearningRate(model, { train, loss: "crossEntropy" });
 * await fit(model, { train, loss: "crossEntropy", epochs: 10, learningRate: found.suggestion! });
 */
export async function findLearningRate<X extends Rows>(
  model: tf.LayersModel,
  options: LearningRateFinderOptions<X>,
): Promise<LearningRates> {
  const { from = 1e-7, to = 10, steps = 100, beta = 0.98, stopAt = 4, optimizer = "adam", ...fitOptions } = options;
  const where = "findLearningRate";
  checkNumber(where, "from", from, { above: 0 });
  checkNumber(where, "to", to, { above: from });
  checkNumber(where, "steps", steps, { integer: true, atLeast: 20 });
  checkNumber(where, "beta", beta, { atLeast: 0, below: 1 });
  checkNumber(where, "stopAt", stopAt, { above: 1 });
  const search = new Search({ from, to, steps, beta, stopAt });
  const plan = checkFit(model, {
    ...(fitOptions as unknown as FitOptions),
    optimizer: copyOf(optimizer),
    metrics: [],
    epochs: steps, // each has a step or more
    callbacks: [search],
  });
  const kept = keepWeights(model.weights);
  const metadata = model.getUserDefinedMetadata();
  try {
    await train(plan);
  } finally {
    kept.restore();
    kept.dispose();
    Object.assign(model, { userDefinedMetadata: metadata }); // the method takes no undefined
    if (!plan.ownsOptimizer) plan.optimizer.dispose();
  }
  return new LearningRates(search.rows);
}

/** Rates and the losses that they gave. */
class Search implements Callback {
  readonly rows: RateRow[] = [];
  private fit: FitTask | undefined;
  private mean = 0;
  private least = Number.POSITIVE_INFINITY;
  private rate = 0;

  constructor(
    private readonly options: Required<Pick<LearningRateFinderOptions, "from" | "to" | "steps" | "beta" | "stopAt">>,
  ) {}

  onTrainBegin(fit: FitTask): void {
    this.fit = fit;
  }

  onBatchBegin(): void {
    const { from, to, steps } = this.options;
    this.rate = from * (to / from) ** (this.rows.length / (steps - 1));
    this.fit!.setLearningRate(this.rate);
  }

  onBatchEnd(_: Task, { loss }: Metrics) {
    const { beta, stopAt, steps } = this.options;
    this.mean = beta * this.mean + (1 - beta) * loss!;
    const smoothed = this.mean / (1 - beta ** (this.rows.length + 1));
    this.rows.push({ rate: this.rate, loss: loss!, smoothed });
    this.least = Math.min(this.least, smoothed);
    if (smoothed > stopAt * this.least) return { stop: "The loss rose." };
    return this.rows.length < steps ? undefined : { stop: "All rates were tried." };
  }
}

function copyOf(optimizer: OptimizerName | Optimizer): OptimizerName | Optimizer {
  if (typeof optimizer === "string") return optimizer;
  const config = optimizer?.config;
  if (!config) {
    throw new OptionError(
      'findLearningRate: optimizer must be a name such as "adam" or what a function such as adam() returns without code of its own, so that a copy can be tried.',
    );
  }
  return optimizers[config.name as OptimizerName]({ ...config.options, learningRate: 1e-3 });
}

/** fastai's valley: a half of the second third of the longest falling subsequence. */
function valley(rows: readonly RateRow[]): number | null {
  const lengths = rows.map(() => 1);
  let [start, end] = [0, 0];
  for (let i = 1; i < rows.length; i++) {
    for (let j = 0; j < i; j++) {
      if (rows[i]!.smoothed < rows[j]!.smoothed && lengths[i]! < lengths[j]! + 1) lengths[i] = lengths[j]! + 1;
      if (lengths[end]! < lengths[i]!) {
        end = i;
        start = end - lengths[end]!;
      }
    }
  }
  if (end === 0) return null;
  const third = (end - start) / 3;
  return rows[start + Math.floor(third) + Math.floor(third / 2)]?.rate ?? null;
}

function steepest(rows: readonly RateRow[]): number | null {
  let [least, at]: [number, number | null] = [0, null];
  for (const [i, { rate, smoothed }] of rows.slice(0, -1).entries()) {
    const slope = rows[i + 1]!.smoothed - smoothed; // the rates are equally far apart on their scale
    if (slope < least) [least, at] = [slope, rate];
  }
  return at;
}
