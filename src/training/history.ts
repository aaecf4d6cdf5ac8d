import type { EpochRow } from "../charts/learning-curve-rows.js";
import { OptionError } from "../core/errors.js";
import { htmlTable, textTable } from "../core/table.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";

/** One epoch of a training run; `metrics` are those of the train part, and after `val_` those of the validation part. */
export interface HistoryRow extends EpochRow {
  readonly learningRate: number;
}

/**
 * What each epoch of a training run measured, from epoch 1.
 *
 * @example
 * run.history.values("val_loss").at(-1);
 */
export class History implements Displayable {
  /** @param rows - In order, complete epochs only. */
  constructor(readonly rows: readonly HistoryRow[]) {}

  /** One metric over the epochs, by the name it is reported under. */
  values(metric: string): number[] {
    return this.rows.map(({ epoch, metrics }) => {
      const value = metrics[metric];
      if (value !== undefined) return value;
      const reported = Object.keys(metrics).map((name) => JSON.stringify(name));
      throw new OptionError(
        `History.values: metric ${JSON.stringify(metric)} was not reported in epoch ${epoch}, only ${reported.join(", ")}.`,
      );
    });
  }

  /** Flat rows `{ epoch, loss, ..., learningRate, seconds }`, as `console.table` and charts take them. */
  toRows(): Record<string, number>[] {
    return this.rows.map(({ epoch, metrics, learningRate, seconds }) => ({ epoch, ...metrics, learningRate, seconds }));
  }

  [displaySymbol](): MimeBundle {
    const rows = this.toRows();
    const header = Object.keys(rows[0] ?? { epoch: 0 });
    const cells = rows.map((row) => header.map((name) => row[name]!));
    return { "text/plain": textTable(header, cells), "text/html": htmlTable(header, cells) };
  }
}
