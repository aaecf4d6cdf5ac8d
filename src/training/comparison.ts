import { softmaxRows } from "../core/softmax.js";
import type { OutputKind } from "../losses/loss.js";
import type { MetricNeeds } from "../metrics/streaming-metric.js";
import { predictedClasses } from "./output-kind.js";

/** What a metric compares, without rows that count for nothing. */
export interface Compared {
  readonly yTrue: ArrayLike<number>;
  readonly yPred: ArrayLike<number>;
  /** How many classes there are, or how many numbers a row has. */
  readonly nOutputs: number;
}

/** What the metrics beside a loss may need. */
export function neededOf(kind: OutputKind): readonly MetricNeeds[] {
  if (kind === "classes" || kind === "answers") return ["labels", "probabilities"];
  return kind === "scores" ? ["labels"] : ["numbers"];
}

/** Targets and outputs of some rows of a model, as the metrics need them. */
export class Comparison {
  private readonly made = new Map<MetricNeeds, Compared>();

  /**
   * @param targets - Labels or shares of classes, answers, or numbers.
   * @param outputs - Logits, scores or numbers, row after row.
   * @param nOutputs - The last axis of the outputs.
   * @param ignoreLabel - Rows with this label are left out.
   */
  constructor(
    private readonly targets: ArrayLike<number>,
    private readonly outputs: ArrayLike<number>,
    private readonly kind: OutputKind,
    private readonly nOutputs: number,
    private readonly ignoreLabel?: number,
  ) {}

  for(needs: MetricNeeds): Compared {
    let compared = this.made.get(needs);
    if (compared === undefined) {
      compared = this.compare(needs);
      this.made.set(needs, compared);
    }
    return compared;
  }

  private compare(needs: MetricNeeds): Compared {
    const { kind, nOutputs, targets, outputs } = this;
    if (needs === "numbers") {
      return { yTrue: targets, yPred: kind === "rates" ? Float64Array.from(outputs, Math.exp) : outputs, nOutputs };
    }
    const width = kind === "classes" ? nOutputs : 1;
    const predictions = needs === "labels" ? predictedClasses(outputs, width, 0) : probabilitiesOf(outputs, width);
    const nClasses = Math.max(width, 2);
    const yTrue = this.labels(width);
    if (this.ignoreLabel === undefined) return { yTrue, yPred: predictions, nOutputs: nClasses };
    const size = predictions.length / yTrue.length;
    const kept = (_: number, i: number) => yTrue[Math.floor(i / size)] !== this.ignoreLabel;
    const yPred = (predictions as Float64Array).filter(kept);
    return { yTrue: yTrue.filter((label) => label !== this.ignoreLabel), yPred, nOutputs: nClasses };
  }

  /** The class numbers of the targets. */
  private labels(width: number): Int32Array {
    const { targets, outputs, kind } = this;
    if (kind === "scores") return predictedClasses(targets, 1, 0);
    if (kind === "answers") return predictedClasses(targets, 1, 0.5);
    return targets.length === outputs.length ? predictedClasses(targets, width, 0) : Int32Array.from(targets);
  }
}

/** The softmax of each row of logits; with one output a row, its sigmoid. */
function probabilitiesOf(logits: ArrayLike<number>, width: number): Float64Array {
  return width === 1 ? Float64Array.from(logits, (z) => 1 / (1 + Math.exp(-z))) : softmaxRows(logits, width);
}
