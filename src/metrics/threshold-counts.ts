/** How many rows have at least each score. */
export interface ThresholdCounts {
  /** The distinct scores, from the highest. */
  readonly thresholds: number[];
  /** Positive rows with a score of at least the threshold, in their weights. */
  readonly truePositives: number[];
  /** The other rows with a score of at least the threshold. */
  readonly falsePositives: number[];
}

/**
 * Counts at each distinct score; rows with equal scores count together.
 * @param isPositive - 1 for rows of the class that high scores stand for, 0 for others.
 */
export function thresholdCounts(
  scores: ArrayLike<number>,
  isPositive: ArrayLike<number>,
  weights: ArrayLike<number>,
): ThresholdCounts {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => scores[b]! - scores[a]!);
  const counts: ThresholdCounts = { thresholds: [], truePositives: [], falsePositives: [] };
  let [hits, alarms] = [0, 0];
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    if (isPositive[row]) hits += weights[row]!;
    else alarms += weights[row]!;
    const isLast = i + 1 === order.length || scores[order[i + 1]!] !== scores[row];
    if (!isLast) continue;
    counts.thresholds.push(scores[row]!);
    counts.truePositives.push(hits);
    counts.falsePositives.push(alarms);
  }
  return counts;
}

/** The area under the ROC curve by trapezoids: equal scores count half. `NaN` if either kind of row is missing. */
export function rocArea({ truePositives, falsePositives }: ThresholdCounts): number {
  let [area, hits, alarms] = [0, 0, 0];
  for (let i = 0; i < truePositives.length; i++) {
    area += ((truePositives[i]! + hits) * (falsePositives[i]! - alarms)) / 2;
    hits = truePositives[i]!;
    alarms = falsePositives[i]!;
  }
  return hits > 0 && alarms > 0 ? area / hits / alarms : Number.NaN;
}

/** The mean precision over the positive rows, a step function: no interpolation. `NaN` without positive rows. */
export function averagePrecision({ truePositives, falsePositives }: ThresholdCounts): number {
  let [area, hits] = [0, 0];
  for (let i = 0; i < truePositives.length; i++) {
    const found = truePositives[i]!;
    if (found > hits) area += ((found - hits) * found) / (found + falsePositives[i]!);
    hits = found;
  }
  return hits > 0 ? area / hits : Number.NaN;
}
