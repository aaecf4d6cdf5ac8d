import { ShapeError } from "../../core/errors.js";
import type { tf } from "../../engine/tf.js";
import { rowText } from "../own-layer.js";

/** What goes into a layer when it is built: its inputs, and where each comes from. */
export interface Incoming {
  /** The name that errors show. */
  readonly name: string;
  /** The options of the layer, defaults filled in. */
  readonly config: Readonly<Record<string, unknown>>;
  /** With the axis of the batch. */
  readonly shapes: readonly tf.Shape[];
  readonly sources: readonly tf.layers.Layer[];
}

/** Throws a {@link ShapeError} if the layer does not take its inputs. */
export type Check = (incoming: Incoming) => void;

/** One sentence: which layer, what it takes, what came and what to do. */
export function misfit({ name, shapes }: Incoming, takes: string, fix: string): ShapeError {
  return new ShapeError(`${name}: ${takes}, got ${shapes.map(rowText).join(" and ")}; ${fix}.`);
}

/** Runs `check` on the one input. */
export function one(check: (shape: tf.Shape, incoming: Incoming) => void): Check {
  return (incoming) => {
    if (incoming.shapes.length !== 1) {
      throw misfit(incoming, "takes one input", "join them first, for example with layers.concatenate()");
    }
    check(incoming.shapes[0]!, incoming);
  };
}

export function product(sizes: readonly (number | null)[]): number {
  return sizes.reduce<number>((all, size) => all * (size ?? Number.NaN), 1);
}
