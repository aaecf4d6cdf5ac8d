import { checkNumber, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import type { NamedArray, OptimizerState } from "./optimizer.js";

/** A slot of a state, its key read. */
export interface StoredSlot {
  readonly name: string;
  readonly kind: string;
  readonly array: NamedArray;
}

/**
 * Reads a state before anything changes.
 * @param kinds - What an optimizer with these options remembers of a variable; `optional` ones not from the start.
 * @throws OptionError if the state is not one of this optimizer with these options.
 */
export function checkState(
  name: string,
  state: OptimizerState,
  kinds: readonly string[],
  optional: readonly string[],
  accumulate: number,
): StoredSlot[] {
  const where = `${name}.load`;
  const { json, arrays } = state ?? {};
  if (!isObject(json) || !isObject(arrays)) {
    throw new OptionError(`${where}: expected what state() of an optimizer gave, got ${show(state)}.`);
  }
  if (json.optimizer !== name) {
    throw new OptionError(`${where}: the state must be one of ${name}, got one of ${show(json.optimizer)}.`);
  }
  checkNumber(where, "step", json.step, { integer: true, atLeast: 0 });
  checkNumber(where, "pending", json.pending, {
    integer: true,
    atLeast: 0,
    below: accumulate,
    advice: "Make the optimizer with the accumulate that it had.",
  });
  const slots = Object.entries(arrays).map(([key, array]) => storedSlot(where, key, array));
  const allowed = new Set([...kinds, ...optional]);
  const foreign = slots.find(({ kind }) => !allowed.has(kind));
  if (foreign !== undefined)
    throw otherOptions(where, `keeps ${show(foreign.kind)} of ${show(foreign.name)}`, "does not");
  const known = new Set(Object.keys(arrays));
  for (const { name: variable, kind } of slots) {
    const missing = optional.includes(kind) ? undefined : kinds.find((other) => !known.has(`${variable}/${other}`));
    if (missing !== undefined) throw otherOptions(where, `has no ${show(missing)} of ${show(variable)}`, "needs it");
  }
  return slots;
}

function storedSlot(where: string, key: string, array: NamedArray): StoredSlot {
  const cut = key.lastIndexOf("/");
  if (!isObject(array) || !Array.isArray(array.shape) || !(array.values instanceof Float32Array)) {
    throw new OptionError(`${where}: ${show(key)} must be { shape, values } with a Float32Array, got ${show(array)}.`);
  }
  const size = array.shape.reduce((product, length) => product * length, 1);
  if (array.values.length !== size) {
    throw new OptionError(
      `${where}: ${show(key)} must have ${size} numbers for its shape [${array.shape.join(", ")}], got ${array.values.length}.`,
    );
  }
  return { name: key.slice(0, cut), kind: key.slice(cut + 1), array };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function otherOptions(where: string, state: string, own: string): OptionError {
  return new OptionError(
    `${where}: the state ${state}, and this optimizer ${own}. Make it with the options that it had.`,
  );
}
