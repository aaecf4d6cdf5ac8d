import { htmlTable, type TableCell, textTable } from "../core/table.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import type { RunRecord } from "./run-record.js";

const setupShown = ["optimizer", "learningRate", "batchSize", "loss", "seed"];

/** Runs as a table: what each was, how it ended and how good it became. */
export class RunsTable implements Displayable {
  constructor(readonly records: readonly RunRecord[]) {}

  /** Plain rows, one for each run. */
  toRows(): Record<string, TableCell>[] {
    return this.records.map(({ id, title, status, rows, setup, best, seconds }) => ({
      id,
      title,
      status,
      epochs: rows.length,
      "best epoch": best?.epoch ?? null,
      "best loss": best?.metrics.val_loss ?? best?.metrics.loss ?? null,
      ...Object.fromEntries(setupShown.map((name) => [name, cell(setup[name])])),
      seconds,
    }));
  }

  [displaySymbol](): MimeBundle {
    const rows = this.toRows();
    if (rows.length === 0) return { "text/plain": "No runs yet." };
    const header = Object.keys(rows[0]!);
    const cells = rows.map((row) => header.map((name) => row[name]!));
    return { "text/plain": textTable(header, cells), "text/html": htmlTable(header, cells) };
  }
}

function cell(value: unknown): TableCell {
  if (value === undefined || value === null) return null;
  return typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value);
}
