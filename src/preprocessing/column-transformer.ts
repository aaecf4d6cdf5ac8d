import { checkOneOf, show } from "../core/check.js";
import { DataError, OptionError } from "../core/errors.js";
import { Matrix } from "../core/matrix.js";
import type { NotHeldOut, SamePart } from "../core/part.js";
import type { Cell } from "../data/column.js";
import { Frame } from "../data/frame.js";
import { unknownColumn } from "../data/unknown-column.js";
import { checkLearnable, numbersOf } from "./input.js";
import {
  checkTransformerJSON,
  type Features,
  type FittedTransformer,
  registerTransformer,
  type Transformer,
  type TransformerJSON,
  transformerFromJSON,
} from "./transformer.js";

export interface ColumnStep<K extends string = string> {
  readonly columns: readonly K[];
  readonly transformer: Transformer;
}

export interface ColumnTransformerOptions {
  /** What becomes of the columns in no step: left out, or kept as the numbers they are, after the others. @default "drop" */
  readonly remainder?: "drop" | "passthrough";
}

/**
 * Hands each group of columns to a transformer of its own and puts the results side by side, in the order of the steps.
 *
 * @example
 * const prepare = new ColumnTransformer({
 *   scale: { columns: ["billLength", "bodyMass"], transformer: new StandardScaler() },
 *   encode: { columns: ["island"], transformer: new OneHotEncoder() },
 * }).fit(train);
 * prepare.transform(test); // a matrix of 5 columns
 */
export class ColumnTransformer<K extends string = string> {
  constructor(
    readonly steps: Readonly<Record<string, ColumnStep<K>>>,
    readonly options: ColumnTransformerOptions = {},
  ) {
    checkOneOf("ColumnTransformer", "remainder", options.remainder ?? "drop", ["drop", "passthrough"]);
    for (const [name, { columns }] of Object.entries(steps)) {
      if (columns.length > 0) continue;
      throw new OptionError(`ColumnTransformer: step ${show(name)} has no columns. Name some, or leave the step out.`);
    }
  }

  /**
   * @param x - Train rows with the columns of the steps.
   * @throws DataError if a column is not there, the rows are held out, or two results have one name.
   */
  fit<F extends Frame<{ readonly [Name in K]: Cell }>>(x: NotHeldOut<F>): FittedColumnTransformer {
    const frame = checkFrame("ColumnTransformer.fit", checkLearnable("ColumnTransformer.fit", x));
    const steps = Object.entries<ColumnStep>(this.steps).map(([name, { columns, transformer }]): FittedStep => {
      const part = pick(`ColumnTransformer.fit, step ${show(name)}`, frame, columns);
      return { name, transformer: transformer.fit(part as Frame) };
    });
    const used = new Set(steps.flatMap(({ transformer }) => transformer.inputNames));
    const rest = this.options.remainder === "passthrough" ? frame.names.filter((name) => !used.has(name)) : [];
    passNumbers("ColumnTransformer.fit", frame.head(1), rest);
    return new FittedColumnTransformer(steps, rest);
  }
}

export interface FittedStep {
  readonly name: string;
  readonly transformer: FittedTransformer;
}

export interface ColumnTransformerJSON {
  readonly type: "ColumnTransformer";
  readonly steps: readonly { readonly name: string; readonly transformer: TransformerJSON }[];
  readonly passthrough: readonly string[];
}

/** What {@link ColumnTransformer.fit} learned: the fitted steps, and the columns that pass through as they are. */
export class FittedColumnTransformer implements FittedTransformer {
  readonly inputNames: readonly string[];
  readonly featureNames: readonly string[];

  constructor(
    readonly steps: readonly FittedStep[],
    readonly passthrough: readonly string[],
  ) {
    this.inputNames = [...new Set([...steps.flatMap(({ transformer }) => transformer.inputNames), ...passthrough])];
    this.featureNames = [...steps.flatMap(({ transformer }) => transformer.featureNames), ...passthrough];
    const twice = this.featureNames.find((name, i) => this.featureNames.indexOf(name) !== i);
    if (twice === undefined) return;
    throw new DataError(`ColumnTransformer: two results are called ${show(twice)}. Give each column to one step.`);
  }

  /** @param x - A frame with the columns of `fit`; others are left out. */
  transform<T extends Features>(x: T): SamePart<T, Matrix> {
    const frame = checkFrame("ColumnTransformer.transform", x);
    const results = this.steps.map(({ name, transformer }) =>
      transformer.transform(pick(`ColumnTransformer.transform, step ${show(name)}`, frame, transformer.inputNames)),
    );
    results.push(passNumbers("ColumnTransformer.transform", frame, this.passthrough));
    const data = sideBySide(results, frame.nRows, this.featureNames.length);
    return new Matrix(data, frame.nRows, this.featureNames.length, { names: this.featureNames, part: x.part }) as never;
  }

  toJSON(): ColumnTransformerJSON {
    const steps = this.steps.map(({ name, transformer }) => ({ name, transformer: transformer.toJSON() }));
    return { type: "ColumnTransformer", steps, passthrough: this.passthrough };
  }

  static fromJSON(json: ColumnTransformerJSON): FittedColumnTransformer {
    checkTransformerJSON(json, "ColumnTransformer", "steps");
    checkTransformerJSON(json, "ColumnTransformer", "passthrough");
    const steps = json.steps.map(({ name, transformer }) => ({ name, transformer: transformerFromJSON(transformer) }));
    return new FittedColumnTransformer(steps, [...json.passthrough]);
  }
}

function checkFrame(where: string, x: unknown): Frame {
  if (x instanceof Frame) return x;
  throw new DataError(`${where}: expected a Frame, whose columns have names and types, got ${show(x)}.`);
}

function pick(where: string, frame: Frame, names: readonly string[]): Frame {
  const unknown = names.find((name) => !frame.names.includes(name));
  if (unknown === undefined) return frame.select(...names) as Frame;
  throw unknownColumn(where, unknown, frame.names);
}

function passNumbers(where: string, frame: Frame, names: readonly string[]): Matrix {
  return numbersOf(`${where}, remainder`, pick(`${where}, remainder`, frame, names), names);
}

function sideBySide(results: readonly Matrix[], nRows: number, nColumns: number): Float64Array {
  const all = new Float64Array(nRows * nColumns);
  let start = 0;
  for (const { data, nColumns: width } of results) {
    for (let row = 0; row < nRows; row++) {
      for (let column = 0; column < width; column++) all[row * nColumns + start + column] = data[row * width + column]!;
    }
    start += width;
  }
  return all;
}

registerTransformer("ColumnTransformer", FittedColumnTransformer.fromJSON);
