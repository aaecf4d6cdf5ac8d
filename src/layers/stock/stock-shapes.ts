// How the shape of a row goes through each kind of stock layer, for the compiler.
import type { Misfit, Shape, ShapeMap } from "../shapes.js";
import type { Product, Windows } from "../sizes.js";

/** What a layer says to rows that are none of its own; those whose rank is not known pass. */
type Refuse<Input, Says extends string> = Input extends Shape
  ? number extends Input["length"]
    ? Shape
    : Misfit<Says>
  : Shape;

/** The option for one axis: a number for all, or one for each. */
type Axis<Option, I extends number> = Option extends readonly unknown[] ? Option[I] : Option;

/** What windows do: their sizes, how far apart, how the border is treated; `Channels` is `"kept"` for pools. */
export interface WindowOptions {
  readonly kernel: unknown;
  readonly stride: unknown;
  readonly padding: unknown;
  readonly channels: unknown;
}

export interface Windows1d<Options extends WindowOptions, Name extends string> extends ShapeMap {
  readonly output: this["input"] extends readonly [infer Steps, infer Channels]
    ? Row1d<
        Windows<Steps, Axis<Options["kernel"], 0>, Axis<Options["stride"], 0>, Options["padding"]>,
        Options["channels"] extends "kept" ? Channels : Options["channels"],
        Name
      >
    : Refuse<this["input"], `${Name} takes rows of rank 2 (steps, channels)`>;
}

type Row1d<Steps, Channels, Name extends string> = [Steps] extends [never]
  ? Misfit<`${Name} has a window larger than what it slides over; use padding: "same" or a smaller one`>
  : readonly [Steps, Channels];

export interface Windows2d<Options extends WindowOptions, Name extends string> extends ShapeMap {
  readonly output: this["input"] extends readonly [infer Height, infer Width, infer Channels]
    ? Row2d<
        Windows<Height, Axis<Options["kernel"], 0>, Axis<Options["stride"], 0>, Options["padding"]>,
        Windows<Width, Axis<Options["kernel"], 1>, Axis<Options["stride"], 1>, Options["padding"]>,
        Options["channels"] extends "kept" ? Channels : Options["channels"],
        Name
      >
    : Refuse<this["input"], `${Name} takes rows of rank 3 (height, width, channels)`>;
}

type Row2d<Height, Width, Channels, Name extends string> = [Height] extends [never]
  ? Misfit<`${Name} has a window larger than what it slides over; use padding: "same" or a smaller one`>
  : [Width] extends [never]
    ? Misfit<`${Name} has a window larger than what it slides over; use padding: "same" or a smaller one`>
    : readonly [Height, Width, Channels];

/** Images of another height and width. */
export interface OtherPlaces2d<Channels, Name extends string> extends ShapeMap {
  readonly output: this["input"] extends readonly [unknown, unknown, infer Own]
    ? readonly [number, number, Channels extends "kept" ? Own : Channels]
    : Refuse<this["input"], `${Name} takes rows of rank 3 (height, width, channels)`>;
}

/** Sequences of another length. */
export interface OtherPlaces1d<Channels, Name extends string> extends ShapeMap {
  readonly output: this["input"] extends readonly [unknown, infer Own]
    ? readonly [number, Channels extends "kept" ? Own : Channels]
    : Refuse<this["input"], `${Name} takes rows of rank 2 (steps, channels)`>;
}

type Pooled<Keeps, Short, Long> = Keeps extends true ? Long : Keeps extends false ? Short : Shape;

export interface GlobalPool1d<Keeps, Name extends string> extends ShapeMap {
  readonly output: this["input"] extends readonly [unknown, infer Channels]
    ? Pooled<Keeps, readonly [Channels], readonly [1, Channels]>
    : Refuse<this["input"], `${Name} takes rows of rank 2 (steps, channels)`>;
}

export interface GlobalPool2d<Keeps, Name extends string> extends ShapeMap {
  readonly output: this["input"] extends readonly [unknown, unknown, infer Channels]
    ? Pooled<Keeps, readonly [Channels], readonly [1, 1, Channels]>
    : Refuse<this["input"], `${Name} takes rows of rank 3 (height, width, channels)`>;
}

export interface Flattened extends ShapeMap {
  readonly output: this["input"] extends readonly [unknown, unknown, ...unknown[]]
    ? readonly [Product<this["input"]>]
    : Refuse<this["input"], "flatten takes rows of rank 2 or more; leave it out, these are flat">;
}

export interface Reshaped<Target extends readonly unknown[]> extends ShapeMap {
  readonly output: { readonly [I in keyof Target]: Target[I] extends -1 | null ? number : Target[I] };
}

/** All steps or the last one. */
export interface Recurrent<Units, Sequences, Name extends string> extends ShapeMap {
  readonly output: this["input"] extends readonly [infer Steps, unknown]
    ? Sequences extends true
      ? readonly [Steps, Units]
      : Sequences extends false
        ? readonly [Units]
        : Shape
    : Refuse<this["input"], `${Name} takes rows of rank 2 (steps, features)`>;
}

export interface Repeated<Times> extends ShapeMap {
  readonly output: this["input"] extends readonly [infer Features]
    ? readonly [Times, Features]
    : Refuse<this["input"], "repeatVector takes rows of rank 1 (features)">;
}
