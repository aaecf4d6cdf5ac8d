import type { tf } from "../engine/tf.js";
import type { MapOf, Misfit, Shape, Through } from "./shapes.js";

declare const rowShape: unique symbol;

/**
 * What flows between the layers of a model that is built: a symbolic tensor whose rows have the shape `Row`, as far as the
 * compiler knows it. At run time its `shape` has the axis of the batch in front.
 */
export interface Value<Row extends Shape = Shape> extends tf.SymbolicTensor {
  readonly [rowShape]?: Row;
}

/** The shape of the rows of a symbolic tensor. */
export type RowOf<X> = X extends { readonly [rowShape]?: infer Row extends Shape } ? Row : Shape;

/** A layer, or a function that applies some. */
export type Step<Row extends Shape> = tf.layers.Layer | ((x: Value<Row>) => tf.SymbolicTensor);

/** The shape of rows that were `Row` after all `Steps`; {@link Shape} where one of them does not fit. */
export type Flow<Row extends Shape, Steps extends readonly unknown[]> = Steps extends readonly [
  infer First,
  ...infer Rest,
]
  ? Flow<After<First, Row> extends infer Next extends Shape ? Next : Shape, Rest>
  : Row;

/** What the compiler shows if the step does not take these rows; else `unknown`, which takes nothing from its type. */
export type Fits<Taken, Row extends Shape> =
  After<Taken, Row> extends infer Wrong extends Misfit<string> ? Wrong : unknown;

type After<Taken, Row extends Shape> = Taken extends (...inputs: never) => infer Y
  ? RowOf<Y>
  : Through<MapOf<Taken>, Row>;
