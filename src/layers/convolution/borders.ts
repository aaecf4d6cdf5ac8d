// Zeros around the places of a row, or places cut off there.
import { checkNumber, checkOneOf, show } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { type LayerConfig, only, register } from "../own-layer.js";
import type { OtherPlaces1d } from "../stock/stock-shapes.js";
import type { Mapped } from "../stock/stock-types.js";

type DataFormat = "channelsFirst" | "channelsLast";
type Border = readonly [before: number, after: number];

/** On both sides, or before and after. */
type Border1d = number | Border;
/** On all sides, on both sides of each axis, or before and after on each axis. */
type Border3d = number | readonly [number, number, number] | readonly [Border, Border, Border];

export interface ZeroPadding1dConfig extends LayerConfig {
  /** How many steps of zeros. @default 1 */
  readonly padding?: Border1d;
}

export interface Cropping1dConfig extends LayerConfig {
  /** How many steps to cut off. @default 1 */
  readonly cropping?: Border1d;
}

interface WithFormat extends LayerConfig {
  /** Whether channels are the axis after that of the batch, or the last one. @default "channelsLast" */
  readonly dataFormat?: DataFormat;
}

export interface ZeroPadding3dConfig extends WithFormat {
  /** How many planes of zeros. @default 1 */
  readonly padding?: Border3d;
}

export interface Cropping3dConfig extends WithFormat {
  /** How many planes to cut off. @default 1 */
  readonly cropping?: Border3d;
}

abstract class Borders extends tf.layers.Layer {
  private readonly dataFormat: DataFormat;
  private readonly borders: readonly Border[];

  constructor(
    private readonly nPlaces: 1 | 3,
    private readonly option: "padding" | "cropping",
    config: WithFormat & { readonly padding?: Border1d | Border3d; readonly cropping?: Border1d | Border3d },
  ) {
    super(config);
    const format = config.dataFormat ?? "channelsLast";
    this.dataFormat = checkOneOf(this.name, "dataFormat", format, ["channelsLast", "channelsFirst"]);
    this.borders = bordersOf(this.name, option, config[option] ?? 1, nPlaces);
  }

  /** What comes before and after each axis of the batch, the places and the channels. */
  protected around(): Border[] {
    const none: Border = [0, 0];
    return this.dataFormat === "channelsFirst" ? [none, none, ...this.borders] : [none, ...this.borders, none];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const [first, ...others] = this.borders.map((border) => [...border]) as [number[], ...number[][]];
    const value = this.nPlaces === 1 ? first : [first, ...others];
    return { ...super.getConfig(), [this.option]: value, dataFormat: this.dataFormat };
  }
}

function bordersOf(where: string, option: string, value: unknown, nPlaces: number): Border[] {
  const all = Array.isArray(value) && !(nPlaces === 1 && value.length === 2) ? value : Array(nPlaces).fill(value);
  const pairs = all.map((border) => (Array.isArray(border) ? border : [border, border]));
  if (pairs.length !== nPlaces || pairs.some((pair) => pair.length !== 2)) {
    const takes =
      nPlaces === 1 ? "or [before, after]" : `one for each of the ${nPlaces} axes, or [before, after] for each`;
    throw new OptionError(`${where}: ${option} must be a number, ${takes}, got ${show(value)}.`);
  }
  for (const size of pairs.flat()) checkNumber(where, option, size, { integer: true, atLeast: 0 });
  return pairs as unknown as Border[];
}

abstract class ZeroPadding extends Borders {
  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const around = this.around();
    return (inputShape as tf.Shape).map((size, i) => size && size + around[i]![0] + around[i]![1]);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => tf.pad(only(inputs), this.around() as [number, number][]));
  }
}

abstract class Cropping extends Borders {
  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const around = this.around();
    return (inputShape as tf.Shape).map((size, i) => size && size - around[i]![0] - around[i]![1]);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      const begin = this.around().map(([before]) => before);
      return tf.slice(x, begin, this.computeOutputShape(x.shape) as number[]);
    });
  }
}

class ZeroPadding1D extends ZeroPadding {
  static readonly className = "ZeroPadding1D";
  constructor(config: ZeroPadding1dConfig) {
    super(1, "padding", config);
  }
}
register(ZeroPadding1D);

class ZeroPadding3D extends ZeroPadding {
  static readonly className = "ZeroPadding3D";
  constructor(config: ZeroPadding3dConfig) {
    super(3, "padding", config);
  }
}
register(ZeroPadding3D);

class Cropping1D extends Cropping {
  static readonly className = "Cropping1D";
  constructor(config: Cropping1dConfig) {
    super(1, "cropping", config);
  }
}
register(Cropping1D);

class Cropping3D extends Cropping {
  static readonly className = "Cropping3D";
  constructor(config: Cropping3dConfig) {
    super(3, "cropping", config);
  }
}
register(Cropping3D);

/** Steps of zeros before and after each sequence, one on each side by default: `(n, steps, channels)`. */
export function zeroPadding1d(config: ZeroPadding1dConfig = {}): Mapped<OtherPlaces1d<"kept", "zeroPadding1d">> {
  return new ZeroPadding1D(config);
}

/** Zeros around each volume `(n, depth, height, width, channels)`, one on each side by default. */
export function zeroPadding3d(config: ZeroPadding3dConfig = {}): tf.layers.Layer {
  return new ZeroPadding3D(config);
}

/** Cuts steps off both ends of each sequence, one on each by default: `(n, steps, channels)`. */
export function cropping1d(config: Cropping1dConfig = {}): Mapped<OtherPlaces1d<"kept", "cropping1d">> {
  return new Cropping1D(config);
}

/** Cuts a border off each volume `(n, depth, height, width, channels)`, one on each side by default. */
export function cropping3d(config: Cropping3dConfig = {}): tf.layers.Layer {
  return new Cropping3D(config);
}
