import { ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { NamedArray } from "./optimizer.js";

type Kinds = Readonly<Record<string, number>>;

/** The slots of one variable by kind, each in one of the two places. */
interface Held {
  readonly shape: readonly number[];
  readonly arrays: Record<string, Float32Array>;
  readonly tensors: Record<string, tf.Variable>;
}

/**
 * What an optimizer remembers, by variable name and kind. A slot lies in an array or on the backend, wherever it was asked
 * for last, and moves when it is asked for in the other place.
 */
export class Slots {
  private readonly held = new Map<string, Held>();

  constructor(private readonly where: string) {}

  /** @throws ShapeError if the slots of a variable had another shape before. */
  check(name: string, shape: readonly number[]): void {
    const known = this.held.get(name)?.shape;
    if (known === undefined) return;
    if (known.length === shape.length && known.every((size, i) => size === shape[i])) return;
    throw new ShapeError(
      `${this.where}: it knows variable ${JSON.stringify(name)} with shape [${known.join(", ")}], got [${shape.join(", ")}]. ` +
        "Make a new optimizer for another model, or call dispose() first.",
    );
  }

  has(name: string, kind: string): boolean {
    const held = this.held.get(name);
    return held !== undefined && (kind in held.arrays || kind in held.tensors);
  }

  /**
   * The slots of a variable as arrays, to be written in place; there may be some of other kinds.
   * @param kinds - With the value that a new slot is filled with.
   */
  arrays(name: string, shape: readonly number[], kinds: Kinds): Readonly<Record<string, Float32Array>> {
    const { arrays, tensors } = this.of(name, shape);
    for (const kind in kinds) {
      if (kind in arrays) continue;
      const tensor = tensors[kind];
      arrays[kind] = tensor ? numbersOf(tensor) : new Float32Array(sizeOf(shape)).fill(kinds[kind]!);
      tensor?.dispose();
      delete tensors[kind];
    }
    return arrays;
  }

  /** The slots of a variable as variables, to be assigned; there may be some of other kinds. */
  tensors(name: string, shape: readonly number[], kinds: Kinds): Readonly<Record<string, tf.Variable>> {
    const { arrays, tensors } = this.of(name, shape);
    for (const kind in kinds) {
      if (kind in tensors) continue;
      const array = arrays[kind];
      const start = () => (array ? tf.tensor(array, [...shape], "float32") : tf.fill([...shape], kinds[kind]!));
      tensors[kind] = tf.tidy(() => tf.variable(start(), false));
      delete arrays[kind];
    }
    return tensors;
  }

  /** Copies of the slots that `key` gives a name. */
  copies(key: (name: string, kind: string) => string | undefined): Record<string, NamedArray> {
    const copies: Record<string, NamedArray> = {};
    for (const [name, { shape, arrays, tensors }] of this.held) {
      for (const kind of [...Object.keys(arrays), ...Object.keys(tensors)]) {
        const under = key(name, kind);
        if (under === undefined) continue;
        copies[under] = { shape: [...shape], values: arrays[kind]?.slice() ?? numbersOf(tensors[kind]!) };
      }
    }
    return copies;
  }

  set(name: string, kind: string, { shape, values }: NamedArray): void {
    this.of(name, shape).arrays[kind] = values.slice();
  }

  dispose(): void {
    for (const { tensors } of this.held.values()) tf.dispose(Object.values(tensors));
    this.held.clear();
  }

  private of(name: string, shape: readonly number[]): Held {
    const known = this.held.get(name);
    if (known !== undefined) return known;
    const held = { shape: [...shape], arrays: {}, tensors: {} };
    this.held.set(name, held);
    return held;
  }
}

/** A copy: on some backends the numbers that are read are those that the tensor keeps. */
function numbersOf(tensor: tf.Tensor): Float32Array {
  return tensor.dataSync<"float32">().slice();
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
