import type { Metrics, RunStatus } from "../callbacks/callback.js";
import type { CallbackCost } from "../callbacks/callback-list.js";
import { escapeHtml, htmlTable, type TableCell, textTable } from "../core/table.js";
import type { tf } from "../engine/tf.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import type { History } from "./history.js";

/** What `fit` hands back, however training ended; the model can be used in every case. */
export interface Run extends RunFacts, Displayable {}

export interface RunFacts {
  /** Names the run in `runs` and for `resume`. */
  readonly id: string;
  readonly title: string;
  /** `"stopped"`: by a callback; `"interrupted"`: on request; `"diverged"`: the loss was no longer a finite number. */
  readonly status: RunStatus;
  /** One sentence: what ended the training. */
  readonly reason: string;
  readonly model: tf.LayersModel;
  readonly history: History;
  /**
   * The epoch whose weights a callback put back, otherwise the one with the least validation loss (or loss, without
   * validation rows); null if no epoch was completed.
   */
  readonly best: { readonly epoch: number; readonly metrics: Metrics } | null;
  /** The epoch whose weights a callback put back at the end; null if the model has its last ones. */
  readonly restoredEpoch: number | null;
  /** Why the steps ran operation by operation; null if they ran as one compiled graph. */
  readonly notCompiled: string | null;
  /** How much the loss of each output counted at the end, by its name; those that `"uncertainty"` learned among them. */
  readonly lossWeights: Readonly<Record<string, number>>;
  /** What each callback has cost, in their order. */
  readonly callbackCosts: readonly CallbackCost[];
  /** Wall time. */
  readonly seconds: number;
}

export function runOf(facts: RunFacts): Run {
  return { ...facts, [displaySymbol]: () => runBundle(facts) };
}

function runBundle({
  title,
  status,
  reason,
  history,
  best,
  restoredEpoch,
  notCompiled,
  seconds,
}: RunFacts): MimeBundle {
  const last = history.rows.at(-1);
  const metrics = Object.keys(last?.metrics ?? {});
  const line = (name: string, row: { epoch: number; metrics: Metrics } | null | undefined): TableCell[][] =>
    row
      ? [
          [
            `${name} epoch${row.epoch === restoredEpoch ? ", restored" : ""}`,
            row.epoch,
            ...metrics.map((metric) => row.metrics[metric]!),
          ],
        ]
      : [];
  const header = ["", "epoch", ...metrics];
  const rows = [...line("best", best), ...line("last", last)];
  const engine = notCompiled === null ? "" : ` The steps ran operation by operation: ${notCompiled}.`;
  const summary = `${title}: ${status} in ${seconds.toFixed(1)} s. ${reason}${engine}`;
  if (rows.length === 0) return { "text/plain": summary };
  return {
    "text/plain": `${summary}\n${textTable(header, rows)}`,
    "text/html": `<div><div>${escapeHtml(summary)}</div>${htmlTable(header, rows)}</div>`,
  };
}
