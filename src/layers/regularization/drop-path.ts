import { tf } from "../../engine/tf.js";
import { register } from "../own-layer.js";
import type { SameShape } from "../shapes.js";
import type { Mapped } from "../stock/stock-types.js";
import { type DropConfig, RandomDrop } from "./random-drop.js";

/** {@link dropPath}. */
export class DropPath extends RandomDrop {
  static readonly className = "DropPath";

  protected override drop(x: tf.Tensor): tf.Tensor {
    const oneEach = x.shape.map((size, axis) => (axis === 0 ? size : 1));
    return tf.dropout(x, this.rate, oneEach);
  }
}
register(DropPath);

/**
 * Stochastic depth: in training each row is 0 as a whole with probability `rate`, else divided by `1 - rate`, so that the mean
 * stays. At the end of a residual branch, before the sum, it leaves the block out for that row. Any shape.
 *
 * Huang, Sun, Liu, Sedra & Weinberger, Deep networks with stochastic depth (ECCV 2016), with the division in training.
 *
 * @throws OptionError unless `rate` is from 0 to below 1.
 *
 * @example
 * add([x, x.pipe(layers.dense({ units: 16, activation: "relu" }), layers.dropPath({ rate: 0.1 }))]);
 */
export function dropPath(config: DropConfig): Mapped<SameShape> {
  return new DropPath(config);
}
