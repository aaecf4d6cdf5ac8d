import { show } from "../core/check.js";
import { DataError, ShapeError } from "../core/errors.js";
import type { Loss, LossFunction } from "../losses/loss.js";
import { isLoss } from "../losses/losses.js";
import { type Port, shapeText, sizeOf } from "./model-spec.js";
import type { NumberBlock } from "./number-block.js";

/**
 * Targets as `loss` takes them: labels or shares of classes, or numbers in the shape of the output; for a loss of the user's
 * own, as given.
 *
 * @param where - Whose targets these are in an error, like `"fit: train.y"`.
 * @throws ShapeError or DataError
 */
export function targetsFor(where: string, y: NumberBlock, output: Port, loss: Loss | LossFunction): NumberBlock {
  if (!isLoss(loss)) return y;
  switch (loss.targets) {
    case "classes":
      return classTargets(where, y, output, loss.config.options.ignoreLabel);
    case "groups":
      return groups(where, y);
    case "sequences":
      return labelSequences(where, y, output.shape.at(-1)!);
    default: {
      const targets = inShapeOf(where, y, output, loss.config.name === "quantile");
      if (loss.targets === "answers")
        checkEach(where, y, (value) => value >= 0 && value <= 1, "0 for no and 1 for yes");
      if (loss.targets === "counts") checkEach(where, y, (value) => value >= 0, "numbers from 0");
      return targets;
    }
  }
}

function classTargets(where: string, y: NumberBlock, output: Port, ignoreLabel: unknown): NumberBlock {
  const nRows = y.shape[0]!;
  const places = output.shape.slice(0, -1);
  const nClasses = output.shape.at(-1)!;
  const size = y.values.length / nRows;
  const nPlaces = places.includes(null) ? (y.shape[1] ?? 1) : sizeOf(places);
  if (size === nPlaces) {
    checkLabels(where, y, nClasses, ignoreLabel);
    return {
      ...y,
      shape: [nRows, ...(places.length === 0 ? [] : places.includes(null) ? y.shape.slice(1) : (places as number[]))],
      dtype: "int32",
    };
  }
  if (size === nPlaces * nClasses) {
    checkEach(where, y, (value) => value >= 0 && value <= 1, "the share of each class, from 0 to 1");
    checkSums(where, y, nClasses);
    return {
      ...y,
      shape: [nRows, ...(places.includes(null) ? y.shape.slice(1) : [...(places as number[]), nClasses])],
    };
  }
  const each = places.length === 0 ? "each row" : `each of the ${shapeText(places)} places of a row`;
  throw new ShapeError(`${where} must be one class label for ${each}, got rows of ${size}.`);
}

function inShapeOf(where: string, y: NumberBlock, { shape }: Port, isQuantile: boolean): NumberBlock {
  const nRows = y.shape[0]!;
  if (shape.includes(null)) return y;
  const nColumns = sizeOf(shape);
  if (y.values.length === nRows * nColumns) return { ...y, shape: [nRows, ...(shape as number[])] };
  // One number that several quantiles are predicted of.
  if (isQuantile && y.values.length === nRows) return { ...y, shape: [nRows, 1] };
  const got = y.values.length / nRows;
  throw new ShapeError(`${where} must have ${nColumns} columns, one for each output of the model, got ${got}.`);
}

function groups(where: string, y: NumberBlock): NumberBlock {
  if (y.values.length !== y.shape[0]) {
    throw new ShapeError(`${where} must be one number for each row, got rows of ${y.values.length / y.shape[0]!}.`);
  }
  checkEach(where, y, Number.isInteger, "an integer for each row, equal for rows that belong together");
  return { ...y, shape: [y.values.length], dtype: "int32" };
}

function labelSequences(where: string, y: NumberBlock, nClasses: number): NumberBlock {
  if (y.shape.length !== 2) throw new ShapeError(`${where} must be rows of labels, got shape ${shapeText(y.shape)}.`);
  checkLabels(where, y, nClasses, -1);
  return { ...y, dtype: "int32" };
}

function checkLabels(where: string, { values, shape }: NumberBlock, nClasses: number, ignored: unknown): void {
  const size = values.length / shape[0]!;
  for (let i = 0; i < values.length; i++) {
    const label = values[i]!;
    if ((Number.isInteger(label) && label >= 0 && label < nClasses) || label === ignored) continue;
    throw new DataError(
      `${where} must hold class labels from 0 to ${nClasses - 1} (the model has ${nClasses} outputs), got ${show(label)} in row ${Math.floor(i / size)}.`,
    );
  }
}

function checkSums(where: string, { values, shape }: NumberBlock, nClasses: number): void {
  const size = values.length / shape[0]!;
  for (let start = 0; start < values.length; start += nClasses) {
    let sum = 0;
    for (let i = start; i < start + nClasses; i++) sum += values[i]!;
    if (Math.abs(sum - 1) < 1e-3) continue;
    throw new DataError(
      `${where} must hold shares of the classes that are 1 together, got ${Number(sum.toPrecision(6))} in row ${Math.floor(start / size)}.`,
    );
  }
}

function checkEach(where: string, { values }: NumberBlock, fits: (value: number) => boolean, expected: string): void {
  for (let i = 0; i < values.length; i++) {
    if (fits(values[i]!)) continue;
    throw new DataError(`${where} must hold ${expected}, got ${show(values[i])}.`);
  }
}
