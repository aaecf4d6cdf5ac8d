import type { InspectionRow } from "./inspection-row.js";

/** What is wrong with the layers of a model on a batch: one sentence each, the first layers first. */
export function findingsOf(rows: readonly InspectionRow[], nRows: number): string[] {
  const broken = new Set<string>();
  return rows.flatMap((row) => {
    const { layer, nan, infinite, dead, saturated, units, activation } = row;
    const isBroken = nan + infinite > 0;
    if (isBroken) broken.add(layer);
    // What comes from a broken layer is broken, too: only the first one tells.
    if (isBroken && row.from.some((from) => broken.has(from))) return [];
    if (isBroken) {
      const kind = nan > 0 ? (infinite > 0 ? "NaN or infinite" : "NaN") : "infinite";
      const share = `${percent(nan + infinite)} of its values are ${kind}`;
      if (row.from.length === 0) return [`${layer}: ${share}; look at the data.`];
      return [
        `${layer}: ${share} while what comes in is finite; look at its weights, and train with a smaller learning rate or clipped gradients.`,
      ];
    }
    if (dead !== null && dead >= 0.25) {
      const count = units === 1 ? "its unit is" : `${percent(dead)} of its ${units} units are`;
      return [
        `${layer}: ${count} dead (0 in all ${nRows} rows); try a smaller learning rate, He initialisation or leaky relu.`,
      ];
    }
    if (saturated !== null && saturated >= 0.5) {
      return [
        `${layer}: ${percent(saturated)} of its values are at the ends of ${activation}, where gradients vanish; scale what comes in, normalise before it or start with smaller weights.`,
      ];
    }
    return [];
  });
}

/** `61 %`; a share that is not 0 is not shown as 0. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return "under 1 %";
  return rounded === 100 && share < 1 ? "over 99 %" : `${rounded} %`;
}
