import { type Column, NumberColumn } from "./column.js";

export type Description = {
  readonly column: string;
  readonly type: string;
  readonly missing: number;
  readonly unique: number;
  readonly mean: number | null;
  readonly std: number | null;
  readonly min: number | null;
  readonly q25: number | null;
  readonly median: number | null;
  readonly q75: number | null;
  readonly max: number | null;
};

export function describeColumns(columns: ReadonlyMap<string, Column>): Description[] {
  return [...columns].map(([name, column]) => {
    const sorted = Float64Array.from(column.sortKeys())
      .filter((key) => !Number.isNaN(key))
      .sort();
    return {
      column: name,
      type: column.kind,
      missing: column.length - sorted.length,
      unique: countDistinct(sorted),
      ...momentsAndQuartiles(column instanceof NumberColumn ? sorted : new Float64Array()),
    };
  });
}

function momentsAndQuartiles(sorted: Float64Array) {
  const mean = sum(sorted, (value) => value) / sorted.length;
  const squares = sum(sorted, (value) => (value - mean) ** 2);
  const std = sorted.length > 1 ? Math.sqrt(squares / (sorted.length - 1)) : Number.NaN;
  return {
    mean,
    std,
    min: quantile(sorted, 0),
    q25: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    q75: quantile(sorted, 0.75),
    max: quantile(sorted, 1),
  };
}

/** The value below which a share `q` of the sorted values lies, linear between neighbours; `NaN` of none. */
function quantile(sorted: ArrayLike<number>, q: number): number {
  const place = q * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low === high ? low : low + (high - low) * (place - Math.floor(place));
}

function sum(values: ArrayLike<number>, term: (value: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += term(values[i]!);
  return total;
}

function countDistinct(sorted: Float64Array): number {
  let count = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) count++;
  return count;
}
