// Arithmetic on the sizes of rows for the compiler, by the lengths of tuples: exact for literal sizes to 256, so that 224 x 224
// images are in; `number` for anything else, never a guess.

/** Windows of `Kernel` places, `Stride` apart, along an axis of `Size`; `never` where not one fits. */
export type Windows<Size, Kernel, Stride, Padding> = Size extends null
  ? null
  : [IsLiteral<Size>, IsLiteral<Kernel>, IsLiteral<Stride>] extends [true, true, true]
    ? Padding extends "same" | "causal"
      ? Stride extends 1
        ? Size
        : Strides<Units<Size>, Units<Stride>>
      : Padding extends "valid"
        ? Kernel extends Stride
          ? Kernel extends 1
            ? Size
            : Valid<Units<Size>, Units<Kernel>, Units<Stride>>
          : Valid<Units<Size>, Units<Kernel>, Units<Stride>>
        : number
    : number;

/** The product of the sizes of a row if it is small, or the sizes are. */
export type Product<Row extends readonly unknown[], Done = 1> = Row extends readonly [infer Size, ...infer Rest]
  ? Product<Rest, Times<Done, Size>>
  : Done;

type Times<A, B> = A extends 1
  ? B
  : B extends 1
    ? A
    : [IsLiteral<A>, IsLiteral<B>] extends [true, true]
      ? Repeat<Small<A>, Small<B>>
      : number;

/** `Size` times `unknown`, to 256; `null` for more. */
type Units<Size, Done extends readonly unknown[] = []> = Done["length"] extends Size
  ? Done
  : Done["length"] extends 256
    ? null
    : Units<Size, [...Done, unknown]>;

/** The same to 64, whose products the compiler makes at once. */
type Small<Size, Done extends readonly unknown[] = []> = Done["length"] extends Size
  ? Done
  : Done["length"] extends 64
    ? null
    : Small<Size, [...Done, unknown]>;

type Repeat<A, B, Done extends readonly unknown[] = []> = A extends readonly unknown[]
  ? B extends readonly [unknown, ...infer Rest]
    ? Repeat<A, Rest, [...Done, ...A]>
    : B extends readonly []
      ? Done["length"]
      : number
  : number;

type Valid<Size, Kernel, Stride> = Size extends null
  ? number
  : Kernel extends readonly [unknown, ...infer More]
    ? Size extends readonly [...More, ...infer Starts]
      ? Starts extends readonly []
        ? never
        : Strides<Starts, Stride>
      : never
    : number;

/** How often `Stride` goes into `Places`, the last one perhaps in part. */
type Strides<Places, Stride, Done extends readonly unknown[] = []> = Places extends readonly unknown[]
  ? Stride extends readonly [unknown, ...unknown[]]
    ? Places extends readonly []
      ? Done["length"]
      : Places extends readonly [...Stride, ...infer Rest]
        ? Strides<Rest, Stride, [...Done, unknown]>
        : [...Done, unknown]["length"]
    : number
  : number;

type IsLiteral<Size> = Size extends number ? (number extends Size ? false : true) : false;
