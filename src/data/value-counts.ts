import type { Cell, Column } from "./column.js";

export type ValueCount<T extends Cell = Cell> = {
  readonly value: T;
  readonly count: number;
  /** From 0 to 1, of the rows that have a value. */
  readonly share: number;
};

/** How often each value occurs, most frequent first, equal counts in ascending order; missing ones are left out. */
export function valueCounts(column: Column): ValueCount[] {
  const keys = column.sortKeys();
  const groups = new Map<number, { key: number; row: number; count: number }>();
  let total = 0;
  for (let row = 0; row < keys.length; row++) {
    const key = keys[row]!;
    if (Number.isNaN(key)) continue;
    total++;
    const group = groups.get(key);
    if (group) group.count++;
    else groups.set(key, { key, row, count: 1 });
  }
  return [...groups.values()]
    .sort((a, b) => b.count - a.count || a.key - b.key)
    .map(({ row, count }) => ({ value: column.at(row), count, share: count / total }));
}
