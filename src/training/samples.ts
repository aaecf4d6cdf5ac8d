import { show } from "../core/check.js";
import { DataError, OptionError, ShapeError } from "../core/errors.js";
import type { Part } from "../core/part.js";
import { tf } from "../engine/tf.js";
import type { LabelledRows } from "./fit-options.js";
import { type InputPort, type ModelSpec, type Port, shapeText, sizeOf } from "./model-spec.js";
import { type NumberBlock, numberBlock } from "./number-block.js";
import { type Batch, checkNames, type Objective } from "./objective.js";
import { isNumbers, type Numbers, type Rows } from "./rows.js";
import { weightsFor } from "./sample-weights.js";
import { targetsFor } from "./targets.js";
import { checkVocabulary } from "./vocabulary.js";

/** Rows and their targets, checked against the model and in the shapes that it takes; nothing is on the backend yet. */
export interface Samples {
  /** In the order of the model's inputs. */
  readonly inputs: readonly NumberBlock[];
  /** In the order of the model's outputs. */
  readonly targets: readonly NumberBlock[];
  /** How much each sample counts, output by output; null where all count the same. */
  readonly weights: readonly (NumberBlock | null)[];
  readonly nSamples: number;
}

/**
 * @param where - Like `"fit: train"`.
 * @param heldOut - Parts of a split that must not be used here.
 * @throws ShapeError if rows, columns, labels or weights do not fit the model.
 * @throws DataError if a value is missing or a label is no class of the model.
 */
export function checkSamples(
  where: string,
  rows: LabelledRows<Rows, Rows>,
  spec: ModelSpec,
  objective: Objective,
  heldOut: readonly Part[] = [],
): Samples {
  checkLabelled(where, rows, heldOut);
  const inputs = checkInputs(`${where}.x`, rows.x, spec);
  const nSamples = inputs[0]!.shape[0]!;
  const targets = byPort(`${where}.y`, "outputs", rows.y, spec.outputs).map(([name, y], i) => {
    const block = numberBlock(name, y);
    if (block.shape[0] !== nSamples) {
      throw new ShapeError(
        `${name} must have one target for each of the ${nSamples} rows of x, got ${block.shape[0]}.`,
      );
    }
    return targetsFor(name, block, spec.outputs[i]!, objective.outputs[i]!.loss);
  });
  return { inputs, targets, weights: weightsFor(`${where}.weights`, rows.weights, spec.outputs, targets), nSamples };
}

/** Rows of `x` in the shapes that the model takes; flat rows are cut into them, so that pixels may come as columns. */
export function checkInputs(where: string, x: Rows, { inputs }: ModelSpec): NumberBlock[] {
  const blocks = byPort(where, "inputs", x, inputs).map(([name, rows], i) => checkRows(name, rows, inputs[i]!));
  const nRows = blocks[0]!.shape[0]!;
  const other = blocks.findIndex(({ shape }) => shape[0] !== nRows);
  if (other < 0) return blocks;
  throw new ShapeError(
    `${where} must have as many rows in each input, got ${nRows} in "${inputs[0]!.name}" and ${blocks[other]!.shape[0]} in "${inputs[other]!.name}".`,
  );
}

function checkRows(where: string, x: Numbers, port: InputPort): NumberBlock {
  const block = inShape(where, numberBlock(where, x), port);
  if (port.vocabulary !== null) checkVocabulary(where, block, port.vocabulary);
  return block;
}

function inShape(where: string, block: NumberBlock, port: Port): NumberBlock {
  const [nRows, ...row] = block.shape as [number, ...number[]];
  if (row.length === port.shape.length && port.shape.every((size, i) => size === null || size === row[i])) return block;
  const rowSize = row.reduce((a, b) => a * b, 1);
  if (row.length <= 1 && rowSize === sizeOf(port.shape)) {
    return { ...block, shape: [nRows, ...(port.shape as number[])] };
  }
  const expected = port.shape.length === 1 ? `${port.shape[0]} columns` : `rows of shape ${shapeText(port.shape)}`;
  const got = row.length <= 1 ? `${rowSize}` : shapeText(row);
  throw new ShapeError(`${where} must have ${expected}, as the model's input, got ${got}.`);
}

/** The numbers of each input or output with how an error names them. */
function byPort(where: string, what: "inputs" | "outputs", rows: Rows, ports: readonly Port[]): [string, Numbers][] {
  if (isNumbers(rows)) {
    if (ports.length === 1) return [[where, rows]];
    const names = ports.map(({ name }) => `"${name}"`).join(", ");
    throw new ShapeError(`${where} must be an object with rows for each of the model's ${what} ${names}.`);
  }
  if (rows === null || typeof rows !== "object") return [[where, rows]];
  const names = ports.map(({ name }) => name);
  checkNames(where, "it", names, rows);
  return names.map((name) => {
    const numbers = rows[name];
    if (numbers !== undefined) return [`${where}.${name}`, numbers];
    throw new OptionError(`${where} has no rows for "${name}", which the model has among its ${what}.`);
  });
}

/** All blocks of samples, as steps take them: inputs, targets, then the weights that there are. */
export function blocksOf({ inputs, targets, weights }: Samples): NumberBlock[] {
  return [...inputs, ...targets, ...weights.filter((block) => block !== null)];
}

/** What {@link blocksOf} became in a batch. */
export function batchOf({ inputs, targets, weights }: Samples, tensors: readonly tf.Tensor[]): Batch {
  const left = tensors.slice(inputs.length + targets.length);
  return {
    inputs: tensors.slice(0, inputs.length),
    targets: tensors.slice(inputs.length, inputs.length + targets.length),
    weights: weights.map((block) => (block === null ? null : left.shift()!)),
  };
}

export function blockTensor({ values, shape, dtype = "float32" }: NumberBlock): tf.Tensor {
  const data = dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);
  return tf.tensor(data, [...shape], dtype);
}

function checkLabelled(where: string, rows: LabelledRows<Rows, Rows>, heldOut: readonly Part[]): void {
  if (rows === null || typeof rows !== "object" || rows.x === undefined || rows.y === undefined) {
    throw new OptionError(`${where} must be { x, y }, got ${show(rows)}.`);
  }
  for (const name of ["x", "y"] as const) {
    for (const part of partsOf(rows[name])) {
      if (!heldOut.includes(part)) continue;
      const advice =
        part === "test" ? "Keep it for evaluate, once, with the finished model." : "Pass it as validation instead.";
      throw new DataError(
        `${where}.${name} is the ${part} part of a split, so the score would flatter the model. ${advice}`,
      );
    }
  }
}

function partsOf(rows: Rows): Part[] {
  const all = isNumbers(rows) || typeof rows !== "object" ? [rows] : Object.values(rows);
  return all.flatMap((numbers) => (numbers as { part?: Part })?.part ?? []);
}
