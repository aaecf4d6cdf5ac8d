import { show } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { Matrix } from "../core/matrix.js";
import { tf } from "../engine/tf.js";
import { rowText } from "../layers/own-layer.js";
import type { GraphNode } from "./model-graph.js";

/** Numbers in arrays of one depth and length. */
type NestedNumbers = readonly (number | NestedNumbers)[];

/** Rows for one input of a model. */
export type InputRows = tf.Tensor | Matrix | NestedNumbers;

/** Rows for a model; for one with several inputs an object with their names. */
export type ModelBatch = InputRows | Readonly<Record<string, InputRows>>;

/**
 * The rows for each input of `model` as tensors, in the order of its inputs. Call it in `tf.tidy`.
 * @throws ShapeError unless they have the shapes that the model takes.
 */
export function batchTensors(where: string, model: tf.LayersModel, batch: ModelBatch): tf.Tensor[] {
  const names = model.inputs.map(({ sourceLayer }) => sourceLayer.name);
  const isByName = isRecord(batch);
  if (!isByName && names.length > 1) {
    throw new ShapeError(`${where}: the model has the inputs ${names.join(", ")}. Pass an object with rows for each.`);
  }
  const tensors = model.inputs.map((input, i) => {
    const rows = isByName ? (batch as Record<string, InputRows>)[names[i]!] : (batch as InputRows);
    if (rows === undefined) throw new ShapeError(`${where}: has no rows for the input ${names[i]}.`);
    const x = tensorOf(where, rows);
    const fits = x.rank === input.shape.length && input.shape.every((size, k) => size === null || size === x.shape[k]);
    if (fits && x.shape[0]! > 0) return x;
    // As in fit: pixels may come as columns.
    const row = input.shape.slice(1) as number[];
    if (x.rank === 2 && x.shape[0]! > 0 && x.shape[1] === row.reduce((a, b) => a * b, 1)) {
      return tf.reshape(x, [x.shape[0]!, ...row]);
    }
    const fix = x.rank === input.shape.length - 1 ? " Put it into a batch of one: x.expandDims(0)." : "";
    throw new ShapeError(
      `${where}: ${names[i]} takes rows of shape ${rowText(input.shape)}, got (${x.shape.join(", ")}).${fix}`,
    );
  });
  const counts = tensors.map(({ shape }) => shape[0]);
  if (new Set(counts).size > 1)
    throw new ShapeError(`${where}: inputs must have equally many rows, got ${counts.join(" and ")}.`);
  return tensors;
}

function tensorOf(where: string, rows: InputRows): tf.Tensor {
  if (rows instanceof tf.Tensor) return rows;
  if (rows instanceof Matrix) return tf.tensor2d(Float32Array.from(rows.data), [rows.nRows, rows.nColumns]);
  if (Array.isArray(rows)) {
    try {
      return tf.tensor(rows as number[]);
    } catch {
      throw new ShapeError(`${where}: rows must be arrays of numbers of one length, got ${show(rows)}.`);
    }
  }
  throw new ShapeError(`${where}: takes a tensor, a Matrix or arrays of numbers, got ${show(rows)}.`);
}

function isRecord(batch: ModelBatch): boolean {
  return batch !== null && typeof batch === "object" && Object.getPrototypeOf(batch) === Object.prototype;
}

/**
 * Runs a model on a batch layer by layer, as in use, and shows `see` what comes out of each. What no later layer needs is freed
 * at once, so that a deep model takes no more memory than one of its stretches.
 */
export function runLayers(
  nodes: readonly GraphNode[],
  model: tf.LayersModel,
  inputs: readonly tf.Tensor[],
  see: (node: GraphNode, outputs: readonly tf.Tensor[]) => void,
): void {
  const known = new Map<string, tf.Tensor[]>();
  const lastUse = new Map<string, number>();
  nodes.forEach((node, i) => {
    for (const input of node.inputs) lastUse.set(input.id, i);
  });
  const names = model.inputs.map(({ sourceLayer }) => sourceLayer.name);
  try {
    nodes.forEach((node, i) => {
      const given = names.indexOf(node.id);
      const outputs = given >= 0 ? [inputs[given]!.clone()] : applied(node, known);
      known.set(node.id, outputs);
      see(node, outputs);
      for (const { id } of [...node.inputs, node]) {
        if ((lastUse.get(id) ?? i) > i) continue;
        tf.dispose(known.get(id) ?? []);
        known.delete(id);
      }
    });
  } finally {
    tf.dispose([...known.values()].flat());
  }
}

function applied({ layer, nodeIndex, inputs }: GraphNode, known: ReadonlyMap<string, tf.Tensor[]>): tf.Tensor[] {
  const { tensorIndices, callArgs } = layer.inboundNodes[nodeIndex]!;
  const tensors = inputs.map((input, i) => known.get(input.id)![tensorIndices[i] ?? 0]!);
  return tf.tidy(() => {
    return [
      layer.apply(tensors.length === 1 ? tensors[0]! : tensors, { ...callArgs, training: false }),
    ].flat() as tf.Tensor[];
  });
}
