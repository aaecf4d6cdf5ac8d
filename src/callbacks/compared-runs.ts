import type { ComparisonTable } from "../charts/comparison-table.js";
import type { EpochRow } from "../charts/learning-curve-rows.js";
import { readableNumber } from "../charts/numbers.js";
import type { JsonValue } from "../core/json.js";
import { bestEpoch } from "./best-epoch.js";

/** A run beside others of its cell. */
export interface ComparedRun {
  readonly label: string;
  readonly setup: Readonly<Record<string, JsonValue | undefined>>;
  readonly rows: readonly EpochRow[];
  /** The epoch whose weights the model has. @default that of the least loss */
  readonly restoredEpoch?: number | null;
}

/** More settings than these make a table that nobody reads. */
const mostSettings = 4;
const dash = "–";

/**
 * What was set differently in `runs`, and how good each became: one row a run, one column for each setting that is not the
 * same in all.
 */
export function comparedRuns(runs: readonly ComparedRun[]): ComparisonTable {
  const setups = runs.map(({ setup }) => new Map(settings(setup)));
  const names = [...new Set(setups.flatMap((setup) => [...setup.keys()]))];
  const changed = names.filter((name) => new Set(setups.map((setup) => setup.get(name))).size > 1);
  // The number of weights follows from the layers.
  const telling = changed.length > 1 ? changed.filter((name) => name !== "parameters") : changed;
  const shown = telling.slice(0, mostSettings);
  const left = telling.length - shown.length;
  const scores = scoresOf(runs);
  return {
    header: ["run", ...shown.map(shortName), ...(left > 0 ? [`and ${left} more`] : []), ...scores],
    rows: runs.map(({ label, rows, restoredEpoch }, i) => {
      const best = (rows.find(({ epoch }) => epoch === restoredEpoch) ?? bestEpoch(rows))?.metrics;
      const values = scores.map((name) => (best?.[name] === undefined ? dash : readableNumber(best[name])));
      return [label, ...shown.map((name) => setups[i]!.get(name) ?? dash), ...(left > 0 ? [""] : []), ...values];
    }),
  };
}

/** Every setting under the path to it. */
function settings(value: JsonValue | undefined, path: readonly string[] = []): [string, string][] {
  if (Array.isArray(value) && path[0] !== "layers" && value.every((one) => typeof one !== "object")) {
    return [[path.join("."), value.join(", ")]];
  }
  if (value !== null && typeof value === "object") {
    const entries = Array.isArray(value) ? value.map((one, i) => [String(i), one] as const) : Object.entries(value);
    return entries.flatMap(([name, one]) => settings(one, [...path, name]));
  }
  if (value === undefined) return [];
  return [[path.join("."), typeof value === "number" ? readableNumber(value) : String(value)]];
}

function shortName(path: string): string {
  return path.replace(/^layers\.(\d+)$/, (_, index) => `layer ${Number(index) + 1}`);
}

/** What the runs are compared by, of the best epoch of each: the loss, and the first metric beside it. */
function scoresOf(runs: readonly ComparedRun[]): string[] {
  const names = [...new Set(runs.flatMap(({ rows }) => Object.keys(rows[0]?.metrics ?? {})))];
  const validation = names.filter((name) => name.startsWith("val_"));
  const [loss, ...others] = validation.length > 0 ? validation : names;
  const isPart = (name: string) => /(^|_)(loss|dataLoss|penalty)$/.test(name);
  const metric = others.find((name) => !isPart(name));
  return [loss, metric].filter((name) => name !== undefined);
}
