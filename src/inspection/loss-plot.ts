import { Chart } from "../charts/chart.js";
import { roundForChart } from "../charts/numbers.js";
import type { VegaLiteSpec } from "../charts/spec.js";
import { checkNumber, type NumberRange, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { Loss, LossFunction, TargetKind } from "../losses/loss.js";
import { isLoss } from "../losses/losses.js";

export interface PlotLossOptions {
  /** From where to where on the axis: of `output - target` for numbers, of the output for anything else. @default [-4, 4] */
  readonly range?: readonly [number, number];
  /** The target that the outputs miss, or for classes and answers the label. @default 1 */
  readonly target?: number;
  /** @default "Losses" */
  readonly title?: string;
}

/** A point of a line; `slope` is the derivative by the output. */
export interface LossPoint {
  readonly loss: string;
  readonly output: number;
  /** Its place on the axis: `output - target` for numbers, the output for anything else. */
  readonly at: number;
  readonly value: number;
  readonly slope: number;
}

/** At most 2,000 points for all lines together. */
const [maxPoints, pointsPerLine] = [2000, 200];

/**
 * Draws losses of one output, and beside them their slopes: how much each error costs, and how hard it pulls. Numbers are drawn over
 * their error, `output - target`, the same for any target unless the loss asks for its size; classes over the logit of the label, where
 * that of one other class is 0; answers over their logit.
 *
 * @param losses - A loss, or several by name.
 * @throws OptionError for a loss that compares rows with one another, such as `triplet`, and for an empty range.
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
  const named = byName(losses);
  const axis = [...new Set(Object.values(named).map((loss) => axisOf(loss, options.target)))].join(", or ");
  const names = Object.keys(named);
  const panels = [panel(points, names, axis, "value", "loss"), panel(points, names, axis, "slope", "slope")];
  const [from, to] = rangeOf(options);
  return new Chart(
    { title: { text: title }, spacing: 28, hconcat: panels },
    { text: `${title}: ${names.join(", ")} for ${axis} from ${from} to ${to}` },
  );
}

/** The points of the lines, one line after another, without those where a loss has no finite value. */
export function lossPoints(
  losses: LossFunction | Readonly<Record<string, LossFunction>>,
  options: PlotLossOptions = {},
): LossPoint[] {
  const lines = Object.entries(byName(losses));
  if (lines.length === 0 || lines.some(([, loss]) => typeof loss !== "function")) {
    throw new OptionError(`plotLoss: losses must be a loss, or losses by name, got ${show(losses)}.`);
  }
  const [from, to] = rangeOf(options);
  const nPoints = Math.min(pointsPerLine, Math.floor(maxPoints / lines.length));
  const places = Float32Array.from({ length: nPoints }, (_, i) => from + ((to - from) * i) / (nPoints - 1));
  return lines.flatMap(([name, loss]) => line(name, loss, places, options.target ?? 1));
}

function byName(losses: LossFunction | Readonly<Record<string, LossFunction>>): Readonly<Record<string, LossFunction>> {
  return typeof losses === "function" ? { [nameOf(losses)]: losses } : (losses ?? {});
}

function kindsOf(loss: LossFunction): Pick<Loss, "outputs" | "targets"> {
  return isLoss(loss) ? loss : { outputs: "numbers", targets: "numbers" };
}

/** Of targets that a curve is drawn for; classes are those of the label and one other. */
const ranges: Record<Exclude<TargetKind, "groups" | "sequences">, NumberRange> = {
  classes: { integer: true, atLeast: 0, atMost: 1, advice: "Two classes are drawn." },
  answers: { atLeast: 0, atMost: 1 },
  counts: { atLeast: 0 },
  numbers: {},
};

/** What a loss is drawn over. */
function axisOf(loss: LossFunction, target = 1): string {
  const { outputs, targets } = kindsOf(loss);
  if (targets === "numbers") return "output - target";
  if (targets === "counts") return outputs === "rates" ? "logarithm of the rate" : "output";
  const what = outputs === "scores" ? "score" : "logit";
  return targets === "classes" || target === 1 ? `${what} of the label` : `${what} of yes`;
}

function line(name: string, loss: LossFunction, places: Float32Array, label: number): LossPoint[] {
  const { targets } = kindsOf(loss);
  if (targets === "groups" || targets === "sequences") {
    const why = targets === "groups" ? "compares rows with one another" : "is of whole sequences";
    throw new OptionError(`plotLoss: "${name}" ${why}, so it has no curve of one output.`);
  }
  checkNumber("plotLoss", "target", label, ranges[targets]);
  const isClasses = targets === "classes";
  const origin = targets === "numbers" ? label : 0;
  const points: LossPoint[] = [];
  tf.tidy(() => {
    const yTrue = isClasses ? tf.tensor1d([label], "int32") : tf.tensor2d([[label]]);
    const lossAt = (output: tf.Tensor) => {
      const column = tf.reshape(output, [1, 1]);
      const other = tf.zeros([1, 1]);
      return tf.mean(loss(yTrue, isClasses ? tf.concat(label === 0 ? [column, other] : [other, column], 1) : column));
    };
    const slopeAt = tf.valueAndGrad(lossAt);
    for (const at of places) {
      const output = origin + at;
      const { value, grad } = slopeAt(tf.scalar(output));
      const [y, slope] = [value.dataSync()[0]!, grad.dataSync()[0]!].map(roundForChart) as [number, number];
      if (!Number.isFinite(y) || !Number.isFinite(slope)) continue; // as Poisson's of rates below 0
      points.push({ loss: name, output: roundForChart(output), at: roundForChart(at), value: y, slope });
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

function panel(
  values: readonly LossPoint[],
  names: readonly string[],
  axis: string,
  field: "value" | "slope",
  title: string,
): VegaLiteSpec {
  return {
    title: { text: title, fontSize: 12, fontWeight: "normal" },
    width: 300,
    height: 220,
    data: { values },
    mark: { type: "line", strokeWidth: 2 },
    encoding: {
      x: { field: "at", type: "quantitative", axis: { title: axis, grid: false } },
      y: { field, type: "quantitative", axis: { title: null, tickCount: 5, minExtent: 36 } },
      color: {
        field: "loss",
        type: "nominal",
        sort: null,
        scale: { domain: names },
        legend: names.length > 1 ? { title: null, orient: "bottom", symbolType: "stroke" } : null,
      },
      tooltip: ["loss", "output", field].map((name) => ({ field: name, type: "nominal" })),
    },
  };
}
