// How the shape of a row goes through a layer, for the compiler: a type-level function, because TypeScript has no types that
// take types. `Through<SameShape, [28, 28, 1]>` is `[28, 28, 1]`.

/** The sizes of one row, without the axis of the batch; `null` or `number` where any size fits. */
export type Shape = readonly (number | null)[];

/** From the shape `this["input"]` to `output`, or to a {@link Misfit}. */
export interface ShapeMap {
  /** A {@link Shape}; `unknown` here, because an intersection of two array types forgets which sizes it had. */
  readonly input: unknown;
  readonly output: unknown;
}

/** What `Map` makes of the shape `Input`. */
export type Through<Map extends ShapeMap, Input extends Shape> = (Map & { readonly input: Input })["output"];

/** A shape that a layer does not take; `Says` is the sentence that the compiler shows. */
export interface Misfit<Says extends string> {
  readonly misfit: Says;
}

declare const shapeMap: unique symbol;

/** Carries a {@link ShapeMap} for the compiler; nothing at run time. */
export interface Shaped<Map extends ShapeMap> {
  readonly [shapeMap]?: Map;
}

/** The map that a layer carries; {@link AnyShape} if it carries none. */
export type MapOf<Layer> = Layer extends { readonly [shapeMap]?: infer Map extends ShapeMap } ? Map : AnyShape;

/** Elementwise: activations, normalisations, dropout. */
export interface SameShape extends ShapeMap {
  readonly output: this["input"];
}

/** The last axis becomes `Units`: dense, embedding of positions. */
export interface LastAxis<Units extends number | null> extends ShapeMap {
  readonly output: ReplaceLast<this["input"], Units>;
}

/** One axis more, of `Size`: embedding. */
export interface OneAxisMore<Size extends number> extends ShapeMap {
  readonly output: this["input"] extends readonly [...infer Row extends Shape]
    ? number extends Row["length"]
      ? Shape
      : readonly [...Row, Size]
    : Shape;
}

/** Whatever comes, `Output` goes out: reshape to known sizes. */
export interface Always<Output extends Shape> extends ShapeMap {
  readonly output: Output;
}

/** Shapes that are known when the model is built only. */
export interface AnyShape extends ShapeMap {
  readonly output: Shape;
}

type ReplaceLast<Input, Units extends number | null> = Input extends readonly [
  ...infer Rest extends Shape,
  number | null,
]
  ? number extends Rest["length"]
    ? Shape
    : readonly [...Rest, Units]
  : Shape;
