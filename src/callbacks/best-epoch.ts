import type { EpochRow } from "../charts/learning-curve-rows.js";

/** The epoch with the least validation loss, or the least loss where nothing was validated. */
export function bestEpoch<Row extends EpochRow>(rows: readonly Row[]): Row | undefined {
  const lossOf = ({ metrics }: Row) => metrics.val_loss ?? metrics.loss ?? Number.POSITIVE_INFINITY;
  return rows.reduce<Row | undefined>((best, row) => (best && lossOf(best) <= lossOf(row) ? best : row), undefined);
}
