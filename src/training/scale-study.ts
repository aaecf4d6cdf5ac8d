import type { Chart } from "../charts/chart.js";
import { type ScaledModel, scaleChart } from "../charts/scale-chart.js";
import { checkNumber, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { stoppable } from "../core/stop.js";
import { escapeHtml, htmlTable, textTable } from "../core/table.js";
import { tf } from "../engine/tf.js";
import { LiveDisplay } from "../output/live-display.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import { train } from "./fit.js";
import type { FitOptions } from "./fit-options.js";
import { checkFit } from "./preflight.js";
import type { Rows } from "./rows.js";

/** How deep and how wide a model is. */
export interface Size {
  readonly depth: number;
  readonly width: number;
}

export interface ScaleStudyOptions<X extends Rows = Rows, V extends Rows = Rows>
  extends Omit<FitOptions<X, V>, "validation" | "callbacks"> {
  /** The depths of the grid, each from 1. */
  readonly depth: readonly number[];
  /** The widths of the grid, each from 1. */
  readonly width: readonly number[];
  /** What the models are compared on. */
  readonly validation: NonNullable<FitOptions<X, V>["validation"]>;
  /** Which metric of the validation rows. @default "accuracy" if it is reported, "loss" otherwise */
  readonly monitor?: string;
}

/** One model of the grid. */
export interface ScaleRun extends ScaledModel {
  /** As `fit` says it. */
  readonly status: "completed" | "stopped" | "interrupted" | "diverged";
}

/** What {@link scaleStudy} found. It shows as a table, since its heat map is on the page already; `display(study.chart)` draws it anew. */
export class ScaleStudy implements Displayable {
  constructor(
    readonly rows: readonly ScaleRun[],
    /** What `score` is, like `"val_accuracy"`. */
    readonly metric: string,
    private readonly title: string,
  ) {}

  /** The size with the best score; undefined if no model has one. */
  get best(): ScaleRun | undefined {
    const sign = this.better === "larger" ? 1 : -1;
    const scored = this.rows.filter(({ score }) => Number.isFinite(score));
    return scored.sort((a, b) => sign * (b.score - a.score))[0];
  }

  get chart(): Chart {
    return scaleChart(this.rows, { title: this.title, metric: this.metric, better: this.better });
  }

  [displaySymbol](): MimeBundle {
    const { best, title, metric } = this;
    if (best === undefined) return { "text/plain": `${title}: no model came to a score.` };
    const summary = `${title}: best ${metric} with depth ${best.depth} and width ${best.width}.`;
    const header = ["depth", "width", "parameters", "seconds", metric, "status"];
    const cells = this.rows.map((row) => [row.depth, row.width, row.parameters, row.seconds, row.score, row.status]);
    return {
      "text/plain": `${summary}\n${textTable(header, cells)}`,
      "text/html": `<div><div>${escapeHtml(summary)}</div>${htmlTable(header, cells)}</div>`,
    };
  }

  private get better(): "smaller" | "larger" {
    return this.metric.endsWith("ccuracy") ? "larger" : "smaller";
  }
}

/**
 * Trains a model of each depth and width with the same budget (epochs, batches, seed), and draws how good each becomes with how
 * many parameters in what time. Stop ends it with what there is.
 *
 * The score is that of the best epoch: an upper bound when the grid is large, so judge the chosen size on test rows.
 *
 * @param build - Makes the model of a size, always a new one.
 * @throws OptionError before anything is trained, if the grid is empty or a size is no whole number from 1.
 *
 * @example
 * await scaleStudy(({ depth, width }) => mlp({ inputs: 64, outputs: 10, depth, width }), {
 *   depth: [1, 2, 4],
 *   width: [8, 32, 128],
 *   train,
 *   validation,
 *   loss: "crossEntropy",
 *   epochs: 10,
 * });
 */
export async function scaleStudy<X extends Rows, V extends Rows>(
  build: (size: Size) => tf.LayersModel,
  options: ScaleStudyOptions<X, V>,
): Promise<ScaleStudy> {
  const { depth, width, monitor, title = "Depth and width", ...fitOptions } = options;
  if (typeof build !== "function") {
    throw new OptionError(`scaleStudy: build must be a function of { depth, width }, got ${show(build)}.`);
  }
  if (fitOptions.validation === undefined) {
    throw new OptionError("scaleStudy: validation is missing. Pass the validation part: sizes are compared on it.");
  }
  checkSizes("depth", depth);
  checkSizes("width", width);
  const grid = depth.flatMap((one) => width.map((other): Size => ({ depth: one, width: other })));
  return stoppable((stopRequested) => {
    return new Study(build, fitOptions as unknown as FitOptions, monitor, title).run(grid, stopRequested);
  });
}

class Study {
  private readonly live = new LiveDisplay();
  private readonly rows: ScaleRun[] = [];
  private metric = "val_loss";

  constructor(
    private readonly build: (size: Size) => tf.LayersModel,
    private readonly options: FitOptions,
    private readonly monitor: string | undefined,
    private readonly title: string,
  ) {}

  async run(grid: readonly Size[], stopRequested: () => boolean): Promise<ScaleStudy> {
    for (const size of grid) {
      if (stopRequested()) break;
      const row = await this.trained(size);
      if (row.status === "interrupted") break;
      this.rows.push(row);
      this.live.show(() => this.study.chart);
    }
    if (this.rows.length > 0) this.live.finish(this.study.chart);
    return this.study;
  }

  private get study(): ScaleStudy {
    return new ScaleStudy([...this.rows], this.metric, this.title);
  }

  private async trained(size: Size): Promise<ScaleRun> {
    const model = this.build(size);
    try {
      if (!(model instanceof tf.LayersModel)) {
        throw new OptionError(`scaleStudy: build must return a tf.LayersModel, got ${show(model)}.`);
      }
      const { status, history, seconds } = await train(checkFit(model, this.options));
      const names = Object.keys(history.rows[0]?.metrics ?? {});
      this.metric = this.chosenMetric(names) ?? this.metric;
      const scores = status === "diverged" || names.length === 0 ? [Number.NaN] : history.values(this.metric);
      const score = this.metric.endsWith("ccuracy") ? Math.max(...scores) : Math.min(...scores);
      return { ...size, parameters: model.countParams(), seconds, score, status };
    } finally {
      if (model instanceof tf.LayersModel) model.dispose();
    }
  }

  private chosenMetric(reported: readonly string[]): string | undefined {
    if (reported.length === 0) return undefined;
    const wanted = this.monitor ?? (reported.includes("val_accuracy") ? "accuracy" : "loss");
    if (reported.includes(`val_${wanted}`)) return `val_${wanted}`;
    const names = reported.filter((name) => name.startsWith("val_")).map((name) => JSON.stringify(name.slice(4)));
    throw new OptionError(`scaleStudy: monitor must be one of ${names.join(", ")}, got ${show(wanted)}.`);
  }
}

function checkSizes(name: string, sizes: readonly number[]): void {
  if (!Array.isArray(sizes) || sizes.length === 0) {
    throw new OptionError(`scaleStudy: ${name} must be an array of sizes, like [1, 2, 4], got ${show(sizes)}.`);
  }
  for (const [i, size] of sizes.entries()) {
    checkNumber("scaleStudy", `${name}[${i}]`, size, { integer: true, atLeast: 1 });
  }
}
