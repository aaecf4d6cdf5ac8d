import { ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { forActivation } from "../initializers/by-activation.js";
import { rowText } from "../own-layer.js";
import { activated, applied, type BlockActivation, checkActivation } from "./activation.js";
import { type Block, type BlockOptions, checkSymbolic, freeName } from "./block.js";
import { checkCount, checkShare } from "./checks.js";
import { normalised } from "./norm.js";

export interface DenseResidualOptions extends BlockOptions {
  /** Units between the two dense layers. @default twice the columns that come in */
  readonly hidden?: number;
  /** @default "relu" */
  readonly activation?: BlockActivation;
  /** Share of the outputs of each of the two dense layers that a training step leaves out, from 0 to below 1. @default 0 */
  readonly dropout?: number;
  /** Batch normalisation before the first dense layer. @default true */
  readonly batchNorm?: boolean;
  /** The block starts as its shortcut alone: the last kernel starts at 0. @default true */
  readonly zeroInit?: boolean;
}

/**
 * `x + dense(activation(dense(norm(x))))` of rows `(n, columns)`; the shape stays.
 *
 * The residual block of Gorishniy et al., Revisiting deep learning models for tabular data (NeurIPS 2021).
 */
export function denseResidual(options: DenseResidualOptions = {}): Block {
  const where = "denseResidual";
  const { batchNorm = true, zeroInit = true } = options;
  if (options.hidden !== undefined) checkCount(where, "hidden", options.hidden);
  const activation = checkActivation(where, options.activation ?? "relu");
  const rate = checkShare(where, "dropout", options.dropout);
  return (x) => {
    checkSymbolic(where, x);
    const [, columns] = x.shape;
    if (x.shape.length !== 2 || columns == null) {
      throw new ShapeError(`${where}: takes rows (n, columns), got ${rowText(x.shape)}. Flatten them first.`);
    }
    const name = options.name ?? freeName("dense_residual", x);
    const dense = (from: tf.SymbolicTensor, units: number, number: 1 | 2): tf.SymbolicTensor => {
      const isZero = zeroInit && number === 2;
      const kernelInitializer = isZero ? tf.initializers.zeros() : forActivation(number === 1 ? activation : "linear");
      return applied(tf.layers.dense({ units, kernelInitializer, name: `${name}_dense${number}` }), from);
    };
    const dropped = (from: tf.SymbolicTensor, number: 1 | 2): tf.SymbolicTensor =>
      rate === 0 ? from : applied(tf.layers.dropout({ rate, name: `${name}_dropout${number}` }), from);
    const first = batchNorm ? normalised(x, `${name}_norm`) : x;
    const hidden = activated(dense(first, options.hidden ?? 2 * columns, 1), activation, `${name}_${activation}`);
    const branch = dropped(dense(dropped(hidden, 1), columns, 2), 2);
    return applied(tf.layers.add({ name: `${name}_add` }), [x, branch]);
  };
}
