import { show } from "../core/check.js";
import { DataError, OptionError, ShapeError } from "../core/errors.js";
import type { Part } from "../core/part.js";
import { tf } from "../engine/tf.js";
import type { LossFunction, LossName } from "../losses/loss.js";
import type { LabelledRows } from "./fit-options.js";
import type { ModelSpec } from "./model-spec.js";
import { type NumberBlock, type Numbers, numberBlock } from "./number-block.js";

/** Rows and their targets, checked against the model and in the shapes that it takes; nothing is on the backend yet. */
export interface Samples {
  readonly x: NumberBlock;
  readonly y: NumberBlock;
  readonly nSamples: number;
}

/** The same on the backend. */
export interface SampleTensors {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}

/**
 * @param where - Like `"fit: train"`.
 * @param heldOut - Parts of a split that must not be used here.
 * @throws ShapeError if rows, columns or labels do not fit the model.
 * @throws DataError if a value is missing or a label is no class of the model.
 */
export function checkSamples(
  where: string,
  rows: LabelledRows<Numbers>,
  spec: ModelSpec,
  loss: LossName | LossFunction,
  heldOut: readonly Part[] = [],
): Samples {
  checkLabelled(where, rows, heldOut);
  const features = checkRows(`${where}.x`, rows.x, spec);
  const targets = numberBlock(`${where}.y`, rows.y);
  const nSamples = features.shape[0]!;
  if (targets.shape[0] === nSamples) return { x: features, y: targetsFor(`${where}.y`, targets, spec, loss), nSamples };
  throw new ShapeError(
    `${where}.y must have one target for each of the ${nSamples} rows of x, got ${targets.shape[0]}.`,
  );
}

/** Rows of `x` in the shape that the model takes; flat rows are cut into it, so that pixels may come as columns. */
export function checkRows(where: string, x: Numbers, { rowShape }: ModelSpec): NumberBlock {
  const block = numberBlock(where, x);
  const [nRows, ...row] = block.shape as [number, ...number[]];
  if (row.length === rowShape.length && rowShape.every((size, i) => size === null || size === row[i])) return block;
  const rowSize = row.reduce((a, b) => a * b, 1);
  if (row.length <= 1 && rowSize === sizeOf(rowShape)) return { ...block, shape: [nRows, ...(rowShape as number[])] };
  const expected = rowShape.length === 1 ? `${rowShape[0]} columns` : `rows of shape ${shapeText(rowShape)}`;
  const got = row.length <= 1 ? `${rowSize}` : shapeText(row);
  throw new ShapeError(`${where} must have ${expected}, as the model's input, got ${got}.`);
}

export function sampleTensors({ x, y }: Samples): SampleTensors {
  return { x: blockTensor(x), y: blockTensor(y) };
}

export function blockTensor({ values, shape, dtype = "float32" }: NumberBlock): tf.Tensor {
  const data = dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);
  return tf.tensor(data, [...shape], dtype);
}

function checkLabelled(where: string, rows: LabelledRows<Numbers>, heldOut: readonly Part[]): void {
  if (rows === null || typeof rows !== "object" || rows.x === undefined || rows.y === undefined) {
    throw new OptionError(`${where} must be { x, y }, got ${show(rows)}.`);
  }
  for (const name of ["x", "y"] as const) {
    const { part } = rows[name] as { part?: Part };
    if (part === undefined || !heldOut.includes(part)) continue;
    const advice =
      part === "test" ? "Keep it for evaluate, once, with the finished model." : "Pass it as validation instead.";
    throw new DataError(
      `${where}.${name} is the ${part} part of a split, so the score would flatter the model. ${advice}`,
    );
  }
}

/** Targets as `loss` takes them: class labels, or numbers in the shape of the output; a loss of the user's own, as given. */
function targetsFor(where: string, y: NumberBlock, spec: ModelSpec, loss: LossName | LossFunction): NumberBlock {
  if (typeof loss === "function") return y;
  if (loss === "crossEntropy") {
    checkLabels(where, y, spec.outputShape[0]!);
    return { ...y, shape: [y.values.length], dtype: "int32" };
  }
  const nRows = y.shape[0]!;
  const nColumns = sizeOf(spec.outputShape);
  if (y.values.length !== nRows * nColumns) {
    const got = y.values.length / nRows;
    throw new ShapeError(`${where} must have ${nColumns} columns, one for each output of the model, got ${got}.`);
  }
  if (loss === "binaryCrossEntropy") checkShares(where, y);
  return { ...y, shape: [nRows, ...(spec.outputShape as number[])] };
}

function checkLabels(where: string, { values, shape }: NumberBlock, nClasses: number): void {
  if (values.length !== shape[0]) {
    throw new ShapeError(`${where} must be one class label for each row, got rows of ${values.length / shape[0]!}.`);
  }
  for (let row = 0; row < values.length; row++) {
    const label = values[row]!;
    if (Number.isInteger(label) && label >= 0 && label < nClasses) continue;
    throw new DataError(
      `${where} must hold class labels from 0 to ${nClasses - 1} (the model has ${nClasses} outputs), got ${show(label)} in row ${row}.`,
    );
  }
}

function checkShares(where: string, { values }: NumberBlock): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i]! >= 0 && values[i]! <= 1) continue;
    throw new DataError(`${where} must hold 0 for no and 1 for yes, got ${show(values[i])}.`);
  }
}

/** NaN if a dimension may have any size. */
function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((a, b) => a * (b ?? Number.NaN), 1);
}

function shapeText(shape: readonly (number | null)[]): string {
  return shape.map((size) => size ?? "any").join(" x ");
}
