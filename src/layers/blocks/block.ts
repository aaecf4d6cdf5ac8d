import { show } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { rowText } from "../own-layer.js";

/** A part of a model: from the symbolic tensor that goes in to the one that comes out. */
export type Block = (x: tf.SymbolicTensor) => tf.SymbolicTensor;

export interface BlockOptions {
  /** Begins the names of the block's layers. @default the kind of block with the next free number, like "residual_1" */
  readonly name?: string;
}

const lastNumbers = new Map<string, number>();

/** The first `kind_N` with which no layer that is connected to `x` begins, and that was not given before. */
export function freeName(kind: string, x: tf.SymbolicTensor): string {
  const taken = connectedNames(x);
  for (;;) {
    const number = (lastNumbers.get(kind) ?? 0) + 1;
    lastNumbers.set(kind, number);
    const name = `${kind}_${number}`;
    if (!taken.some((other) => other === name || other.startsWith(`${name}_`))) return name;
  }
}

/** Names of the layers before, after and beside `x`: a loaded model has names that this process did not give. */
function connectedNames(x: tf.SymbolicTensor): string[] {
  const seen = new Set<tf.layers.Layer>();
  const open = [x.sourceLayer];
  for (let layer = open.pop(); layer !== undefined; layer = open.pop()) {
    if (seen.has(layer)) continue;
    seen.add(layer);
    open.push(...layer.inboundNodes.flatMap((node) => node.inboundLayers));
    open.push(...layer.outboundNodes.map((node) => node.outboundLayer));
  }
  return [...seen].map(({ name }) => name);
}

/** @throws ShapeError unless `x` is symbolic: a block is a part of a model, not a computation. */
export function checkSymbolic(where: string, x: tf.SymbolicTensor): void {
  if (x instanceof tf.SymbolicTensor) return;
  throw new ShapeError(`${where}: takes a symbolic tensor, such as tf.input(...) returns, got ${show(x)}.`);
}

/**
 * The channels of images `(n, height, width, channels)`.
 * @throws ShapeError if `x` is anything else.
 */
export function channelsOf(where: string, x: tf.SymbolicTensor): number {
  checkSymbolic(where, x);
  const channels = x.shape.at(-1);
  if (x.shape.length === 4 && channels != null) return channels;
  throw new ShapeError(
    `${where}: takes images (n, height, width, channels) with a known number of channels, got ${rowText(x.shape)}.`,
  );
}
