import { Chart } from "../charts/chart.js";
import { roundForChart } from "../charts/numbers.js";
import type { VegaLiteSpec } from "../charts/spec.js";
import { checkNumber, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { LossFunction } from "../losses/loss.js";
import { isLoss } from "../losses/losses.js";

export interface PlotLossOptions {
  /** From and to which output. @default [-4, 4] */
  readonly range?: readonly [number, number];
  /** The target that the outputs miss, or for classes and answers the label. @default 1 for classes, answers and counts, 0 for numbers */
  readonly target?: number;
  /** @default "Losses" */
  readonly title?: string;
}

/** A point of a line; `slope` is the derivative by the output. */
export interface LossPoint {
  readonly loss: string;
  readonly output: number;
  readonly value: number;
  readonly slope: number;
}

/** At most 2,000 points for all lines together. */
const [maxPoints, pointsPerLine] = [2000, 200];

/**
 * Draws losses of one output, and beside them their slopes: how much each error costs, and how hard it pulls.
 * For classes the output is the logit of the label, and that of one other class is 0.
 *
 * @param losses - A loss, or several by name.
 *
 * @example
 * plotLoss({ squared: losses.meanSquaredError(), huber: losses.huber(), absolute: losses.meanAbsoluteError() });
 */
export function plotLoss(
  losses: LossFunction | Readonly<Record<string, LossFunction>>,
  options: PlotLossOptions = {},
): Chart {
  const { title = "Losses" } = options;
  const points = lossPoints(losses, options);
  const names = [...new Set(points.map(({ loss }) => loss))];
  const spec = {
    title: { text: title },
    spacing: 28,
    hconcat: [panel(points, names, "value", "loss"), panel(points, names, "slope", "slope")],
  };
  const [from, to] = rangeOf(options);
  return new Chart(spec, { text: `${title}: ${names.join(", ")} for outputs from ${from} to ${to}` });
}

/** The points of the lines, one line after another. */
export function lossPoints(
  losses: LossFunction | Readonly<Record<string, LossFunction>>,
  options: PlotLossOptions = {},
): LossPoint[] {
  const named = typeof losses === "function" ? { [nameOf(losses)]: losses } : losses;
  const lines = Object.entries(named ?? {});
  if (lines.length === 0 || lines.some(([, loss]) => typeof loss !== "function")) {
    throw new OptionError(`plotLoss: losses must be a loss, or losses by name, got ${show(losses)}.`);
  }
  const [from, to] = rangeOf(options);
  const nPoints = Math.min(pointsPerLine, Math.floor(maxPoints / lines.length));
  const outputs = Float32Array.from({ length: nPoints }, (_, i) => from + ((to - from) * i) / (nPoints - 1));
  return lines.flatMap(([name, loss]) => line(name, loss, outputs, options.target));
}

function line(name: string, loss: LossFunction, outputs: Float32Array, target: number | undefined): LossPoint[] {
  const targets = isLoss(loss) ? loss.targets : "numbers";
  if (targets === "groups" || targets === "sequences") {
    throw new OptionError(`plotLoss: "${name}" compares rows with one another, so it has no curve of one output.`);
  }
  const isClasses = targets === "classes";
  const label = target ?? (targets === "numbers" ? 0 : 1);
  const points: LossPoint[] = [];
  tf.tidy(() => {
    const yTrue = isClasses ? tf.tensor1d([label], "int32") : tf.tensor2d([[label]]);
    const at = (output: tf.Tensor) => {
      const column = tf.reshape(output, [1, 1]);
      const other = tf.zeros([1, 1]);
      return tf.mean(loss(yTrue, isClasses ? tf.concat(label === 0 ? [column, other] : [other, column], 1) : column));
    };
    const slopeAt = tf.valueAndGrad(at);
    for (const output of outputs) {
      const { value, grad } = slopeAt(tf.scalar(output));
      const [y, slope] = [value.dataSync()[0]!, grad.dataSync()[0]!];
      points.push({ loss: name, output: roundForChart(output), value: roundForChart(y), slope: roundForChart(slope) });
    }
  });
  return points;
}

function nameOf(loss: LossFunction): string {
  return isLoss(loss) ? loss.config.name : loss.name || "loss";
}

function rangeOf({ range = [-4, 4] }: PlotLossOptions): readonly [number, number] {
  if (!Array.isArray(range) || range.length !== 2) {
    throw new OptionError(`plotLoss: range must be [from, to], got ${show(range)}.`);
  }
  const from = checkNumber("plotLoss", "range[0]", range[0]);
  return [from, checkNumber("plotLoss", "range[1]", range[1], { above: from })];
}

function panel(values: readonly LossPoint[], names: readonly string[], field: string, title: string): VegaLiteSpec {
  return {
    title: { text: title, fontSize: 12, fontWeight: "normal" },
    width: 300,
    height: 220,
    data: { values },
    mark: { type: "line", strokeWidth: 2 },
    encoding: {
      x: { field: "output", type: "quantitative", axis: { title: "output", grid: false } },
      y: { field, type: "quantitative", axis: { title: null, tickCount: 5, minExtent: 36 } },
      color: {
        field: "loss",
        type: "nominal",
        sort: null,
        scale: { domain: names, scheme: "tableau10" },
        legend: names.length > 1 ? { title: null, orient: "bottom", symbolType: "stroke" } : null,
      },
      tooltip: ["loss", "output", field].map((name) => ({ field: name, type: "nominal" })),
    },
  };
}
