import { formatCell, formatNumber } from "../core/table.js";
import { BooleanColumn, type Column, StringColumn } from "./column.js";

export interface Bar {
  /** What the bar stands for and how often it occurs. */
  readonly label: string;
  /** Its height beside the tallest, from 0 to 1. */
  readonly share: number;
}

const bins = 12;
const mostRows = 100_000;

/** A tiny picture of how the values lie: a histogram of numbers and dates, the most frequent texts, yes beside no. */
export function columnBars(column: Column): Bar[] {
  if (column instanceof StringColumn) return stringBars(column);
  if (column instanceof BooleanColumn) return booleanBars(column);
  return histogram(column);
}

function stringBars({ values, categories }: StringColumn): Bar[] {
  const counts = new Float64Array(categories.length);
  for (const code of values) if (code !== -1) counts[code]!++;
  const frequent = categories
    .map((category, code) => ({ category, count: counts[code]! }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, bins);
  return asBars(frequent.map(({ category, count }) => [`${formatCell(category)}: ${count}`, count]));
}

function booleanBars({ values }: BooleanColumn): Bar[] {
  const counts = [0, 0];
  for (const value of values) if (value !== -1) counts[value]!++;
  return asBars(counts.map((count, value) => [`${value === 1}: ${count}`, count]));
}

/** Of a long column every n-th row is enough for the shape. */
function histogram(column: Column): Bar[] {
  const { values } = column;
  const stride = Math.ceil(values.length / mostRows);
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < values.length; row += stride) {
    const value = values[row]!;
    if (value < min && Number.isFinite(value)) min = value;
    if (value > max && Number.isFinite(value)) max = value;
  }
  if (min > max) return [];
  const width = (max - min) / bins;
  const counts = new Array<number>(width > 0 ? bins : 1).fill(0);
  for (let row = 0; row < values.length; row += stride) {
    const value = values[row]!;
    if (Number.isFinite(value)) counts[Math.min(Math.floor((value - min) / width) || 0, counts.length - 1)]!++;
  }
  const edge = (bin: number) =>
    column.kind === "date" ? formatCell(new Date(min + bin * width)) : formatNumber(min + bin * width, 4);
  return asBars(counts.map((count, bin) => [`${edge(bin)} to ${edge(bin + 1)}: ${count}`, count]));
}

function asBars(counted: readonly (readonly [label: string, count: number])[]): Bar[] {
  const tallest = Math.max(1, ...counted.map(([, count]) => count));
  return counted.map(([label, count]) => ({ label, share: count / tallest }));
}
