import { ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { NamedArray } from "./optimizer.js";

type Kinds = Readonly<Partial<Record<string, number>>>;
type Slot = { readonly shape: readonly number[]; values: Float32Array } | { readonly tensor: tf.Variable };

/**
 * What an optimizer remembers, by variable name and kind. A slot lies in an array or on the backend, wherever it was asked
 * for last, and moves when it is asked for in the other place.
 */
export class Slots {
  private readonly slots = new Map<string, Map<string, Slot>>();

  constructor(private readonly where: string) {}

  /** @throws ShapeError if the slots of a variable had another shape before. */
  check(name: string, shape: readonly number[]): void {
    for (const slot of this.slots.get(name)?.values() ?? []) {
      const known = "tensor" in slot ? slot.tensor.shape : slot.shape;
      if (known.length === shape.length && known.every((size, i) => size === shape[i])) continue;
      throw new ShapeError(
        `${this.where}: it knows variable ${JSON.stringify(name)} with shape [${known.join(", ")}], got [${shape.join(", ")}]. ` +
          "Make a new optimizer for another model, or call dispose() first.",
      );
    }
  }

  has(name: string, kind: string): boolean {
    return this.slots.get(name)?.has(kind) ?? false;
  }

  /**
   * The slots of a variable as arrays, to be written in place.
   * @param kinds - With the value that a new slot is filled with.
   */
  arrays(name: string, shape: readonly number[], kinds: Kinds): Record<string, Float32Array> {
    const slots = this.slotsOf(name);
    const found: Record<string, Float32Array> = {};
    for (const kind in kinds) {
      let slot = slots.get(kind);
      if (slot === undefined) {
        slot = { shape, values: new Float32Array(sizeOf(shape)).fill(kinds[kind]!) };
        slots.set(kind, slot);
      } else if ("tensor" in slot) {
        const { tensor } = slot;
        slot = { shape: tensor.shape, values: tensor.dataSync<"float32">().slice() };
        slots.set(kind, slot);
        tensor.dispose();
      }
      found[kind] = slot.values;
    }
    return found;
  }

  /** The slots of a variable as variables, to be assigned. */
  tensors(name: string, shape: readonly number[], kinds: Kinds): Record<string, tf.Variable> {
    const slots = this.slotsOf(name);
    const found: Record<string, tf.Variable> = {};
    for (const kind in kinds) {
      let slot = slots.get(kind);
      if (slot === undefined) {
        slot = { tensor: variable(() => tf.fill([...shape], kinds[kind]!)) };
      } else if ("values" in slot) {
        const { values } = slot;
        slot = { tensor: variable(() => tf.tensor(values, [...shape], "float32")) };
      }
      slots.set(kind, slot);
      found[kind] = slot.tensor;
    }
    return found;
  }

  /** Copies of all slots, or of those of one kind, under `key(name, kind)`. */
  copies(key: (name: string, kind: string) => string | undefined): Record<string, NamedArray> {
    const copies: Record<string, NamedArray> = {};
    for (const [name, slots] of this.slots) {
      for (const [kind, slot] of slots) {
        const under = key(name, kind);
        if (under === undefined) continue;
        copies[under] =
          "tensor" in slot
            ? { shape: [...slot.tensor.shape], values: slot.tensor.dataSync<"float32">().slice() }
            : { shape: [...slot.shape], values: slot.values.slice() };
      }
    }
    return copies;
  }

  set(name: string, kind: string, { shape, values }: NamedArray): void {
    this.slotsOf(name).set(kind, { shape: [...shape], values: values.slice() });
  }

  dispose(): void {
    for (const slots of this.slots.values()) {
      for (const slot of slots.values()) if ("tensor" in slot) slot.tensor.dispose();
    }
    this.slots.clear();
  }

  private slotsOf(name: string): Map<string, Slot> {
    const known = this.slots.get(name);
    if (known !== undefined) return known;
    const made = new Map<string, Slot>();
    this.slots.set(name, made);
    return made;
  }
}

function variable(start: () => tf.Tensor): tf.Variable {
  return tf.tidy(() => tf.variable(start(), false));
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
