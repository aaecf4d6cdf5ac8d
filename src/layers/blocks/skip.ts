import { checkOneOf, show } from "../../core/check.js";
import { OptionError, ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { forActivation } from "../initializers/by-activation.js";
import { rowText } from "../own-layer.js";
import { applied } from "./activation.js";
import { type Block, type BlockOptions, checkSymbolic, freeName } from "./block.js";

export interface SkipOptions extends BlockOptions {
  /** How `x` and `f(x)` come together; "concat" joins their channels, those of `x` first. @default "add" */
  readonly merge?: "add" | "concat";
}

type Size = number | null;

/**
 * Leads `x` around `f`: `x + f(x)`, or both beside one another. Where their shapes differ, `x` goes through a layer without
 * bias and activation that makes them fit: a dense layer for rows and sequences, for images a convolution of one pixel with the
 * stride that `f` has.
 *
 * @param f - A layer, a block or any function of symbolic tensors.
 * @throws ShapeError if no such layer makes `x` fit.
 *
 * @example
 * const y = blocks.skip(layers.dense({ units: 32, activation: "relu" }))(x);
 */
export function skip(f: Block | tf.layers.Layer, options: SkipOptions = {}): Block {
  const merge = checkOneOf("skip", "merge", options.merge ?? "add", ["add", "concat"]);
  if (!(f instanceof tf.layers.Layer) && typeof f !== "function") {
    throw new OptionError(`skip: takes a layer or a function of symbolic tensors, got ${show(f)}.`);
  }
  return (x) => {
    checkSymbolic("skip", x);
    const name = options.name ?? freeName("skip", x);
    const y = f instanceof tf.layers.Layer ? applied(f, x) : f(x);
    checkSymbolic("skip, what f returns", y);
    const channels = merge === "add" ? y.shape.at(-1)! : x.shape.at(-1)!;
    const fitting = projected(x, y, channels, name);
    if (merge === "concat") return applied(tf.layers.concatenate({ axis: -1, name: `${name}_concat` }), [fitting, y]);
    return applied(tf.layers.add({ name: `${name}_add` }), [fitting, y]);
  };
}

function projected(x: tf.SymbolicTensor, y: tf.SymbolicTensor, channels: Size, block: string): tf.SymbolicTensor {
  const [from, to] = [x.shape.slice(1, -1), y.shape.slice(1, -1)];
  const strides = from.map((size, axis) => strideBetween(size, to[axis]!));
  if (x.shape.length !== y.shape.length || x.shape.length > 4 || channels === null || strides.includes(null)) {
    throw new ShapeError(
      `skip: cannot bring ${rowText(x.shape)} and what f makes of it, ${rowText(y.shape)}, to one shape: a stride only makes x smaller. Let f keep the rank and give ceil(size / stride) of each axis.`,
    );
  }
  const isSameSize = strides.every((stride) => stride === 1);
  if (isSameSize && x.shape.at(-1) === channels) return x;
  const settings = { useBias: false, kernelInitializer: forActivation("linear"), name: `${block}_shortcut` };
  if (isSameSize && from.length < 2) return applied(tf.layers.dense({ ...settings, units: channels }), x);
  const convolution = { ...settings, filters: channels, kernelSize: 1, strides: strides as number[] };
  const layer = from.length === 1 ? tf.layers.conv1d(convolution) : tf.layers.conv2d(convolution as never);
  return applied(layer, x);
}

/** The least stride that makes `to` of `from`. */
function strideBetween(from: Size, to: Size): number | null {
  if (from === to) return 1;
  if (from === null || to === null || to === 0) return null;
  const stride = Math.ceil(from / to);
  return Math.ceil(from / stride) === to ? stride : null;
}
