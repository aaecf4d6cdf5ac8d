import { checkNumber, show } from "../core/check.js";
import { DataError, OptionError } from "../core/errors.js";
import type { Part, Test, Train, Validation } from "../core/part.js";
import { RandomStream } from "../core/random.js";
import type { Columns, Frame } from "./frame.js";
import { unknownColumn } from "./unknown-column.js";

export interface SplitOptions<C extends Columns = Columns> {
  /** Share of the rows kept back to judge the finished model, from 0 to below 1. @default 0.2 */
  readonly test?: number;
  /** Share of the rows to choose with while training, from 0 to below 1. @default 0.2 */
  readonly validation?: number;
  /** A column whose values are spread alike over all parts, usually the class to predict. @default none */
  readonly stratify?: keyof C & string;
  /** The same seed gives the same parts, in every process. @default 0 */
  readonly seed?: number;
}

export interface Split<C extends Columns = Columns> {
  readonly train: Train<Frame<C>>;
  readonly validation: Validation<Frame<C>>;
  readonly test: Test<Frame<C>>;
}

const parts = ["train", "validation", "test"] as const satisfies readonly Part[];

/**
 * Deals the shuffled rows of a frame into a train, a validation and a test part.
 *
 * With `stratify` each part holds its share of each class, rounded up or down to a whole row. The parts are marked:
 * transformers learn from the train part only.
 *
 * @throws OptionError if the shares leave a part without rows, or nothing to train on.
 * @throws DataError if the frame is already a part, or a class to stratify by is missing or too small.
 *
 * @example
 * const { train, validation, test } = split(penguins, { test: 0.2, validation: 0.1, stratify: "species", seed: 7 });
 */
export function split<C extends Columns>(frame: Frame<C>, options: SplitOptions<C> = {}): Split<C> {
  const { test = 0.2, validation = 0.2, stratify, seed = 0 } = options;
  if (frame.part !== undefined) {
    throw new DataError(`split: these rows are already the ${frame.part} part of a split. Split all rows in one call.`);
  }
  checkNumber("split", "seed", seed, { integer: true });
  const sizes = partSizes(frame.nRows, test, validation);
  const { classOf, names } = stratify === undefined ? oneClass(frame.nRows) : classesOf(frame, stratify);
  const quotas = classQuotas(countClasses(classOf, names, sizes), sizes);

  const rows: number[][] = parts.map(() => []);
  for (const row of RandomStream.of(seed, "split").permutation(frame.nRows)) {
    const quota = quotas[classOf[row]!]!;
    const part = quota.findIndex((left) => left > 0);
    quota[part]!--;
    rows[part]!.push(row);
  }
  return Object.fromEntries(parts.map((part, i) => [part, frame.take(rows[i]!).asPart(part)])) as unknown as Split<C>;
}

/** Rows of the train, validation and test part. */
function partSizes(nRows: number, test: number, validation: number): number[] {
  const range = { atLeast: 0, below: 1, advice: "It is a share of the rows, such as 0.2." };
  checkNumber("split", "test", test, range);
  checkNumber("split", "validation", validation, range);
  if (test + validation >= 1) {
    throw new OptionError(
      `split: test + validation must be below 1, so that rows to train on are left, got ${test} + ${validation}.`,
    );
  }
  const nTest = Math.round(nRows * test);
  const nValidation = Math.round(nRows * validation);
  const sizes = [nRows - nTest - nValidation, nValidation, nTest];
  parts.forEach((part, i) => {
    const share = [1, validation, test][i]!;
    if (sizes[i]! > 0 || share === 0) return;
    throw new OptionError(`split: the ${part} part would have no rows out of ${nRows}. Use more rows or other shares.`);
  });
  return sizes;
}

function oneClass(nRows: number) {
  return { classOf: new Int32Array(nRows), names: ["all rows"] };
}

function classesOf<C extends Columns>(frame: Frame<C>, stratify: keyof C & string) {
  if (!frame.names.includes(stratify)) throw unknownColumn("split", stratify, frame.names);
  const column = frame.column(stratify);
  const missing = column.nMissing;
  if (missing > 0) {
    throw new DataError(
      `split: stratify column ${show(stratify)} has ${missing} missing values. Drop them first: frame.dropMissing(${show(stratify)}).`,
    );
  }
  const keys = column.sortKeys();
  const codeOf = new Map([...new Set(Array.from(keys))].sort((a, b) => a - b).map((key, code) => [key, code]));
  return { classOf: Int32Array.from(keys, (key) => codeOf.get(key)!), names: column.unique().map(String) };
}

function countClasses(classOf: Int32Array, names: readonly string[], sizes: readonly number[]): number[] {
  const counts = names.map(() => 0);
  for (const code of classOf) counts[code]!++;
  const nParts = sizes.filter((size) => size > 0).length;
  const small = counts.findIndex((count) => count < nParts);
  if (small === -1) return counts;
  throw new DataError(
    `split: class ${show(names[small])} has too few rows (${counts[small]}) to be in each of ${nParts} parts. Leave it out, or do not stratify.`,
  );
}

/**
 * How many rows of each class go into each part: the exact share rounded up or down, with the sizes of all classes and
 * parts kept. Each class hands its roundings up to the parts that still need the most (Ryser, Canad. J. Math. 9, 1957).
 */
function classQuotas(counts: readonly number[], sizes: readonly number[]): number[][] {
  const nRows = sizes.reduce((sum, size) => sum + size, 0);
  const quotas = counts.map((count) => sizes.map((size) => Math.floor((count * size) / nRows)));
  const needs = sizes.map((size, part) => size - quotas.reduce((sum, quota) => sum + quota[part]!, 0));
  quotas.forEach((quota, code) => {
    const left = counts[code]! - quota.reduce((sum, rows) => sum + rows, 0);
    const neediest = [...needs.keys()].sort((a, b) => needs[b]! - needs[a]!);
    for (const part of neediest.slice(0, left)) {
      quota[part]!++;
      needs[part]!--;
    }
  });
  return quotas;
}
