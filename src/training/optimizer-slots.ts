import type { tf } from "../engine/tf.js";
import { distinctWeights } from "../models/model-weights.js";
import type { StoredArray } from "../models/safetensors.js";
import type { NamedArray } from "../optimizers/optimizer.js";
import { stockSlotPrefix } from "../optimizers/stock-optimizer.js";
import { arrayKinds } from "../runs/checkpoint-arrays.js";
import type { Objective } from "./objective.js";

type Slots = Readonly<Record<string, NamedArray>>;

/**
 * What an optimizer remembers, as arrays of a checkpoint. It goes by the names of variables, which are others in the next
 * process; a checkpoint goes by the keys of weights. What it remembers of another model is left out.
 */
export function slotArrays(slots: Slots, model: tf.LayersModel, objective: Objective): [string, StoredArray][] {
  const keys = new Map(keyedVariables(model, objective).map(([key, name]) => [name, key]));
  return Object.entries(slots).flatMap(([slot, { shape, values }]): [string, StoredArray][] => {
    const array = { data: values, shape };
    if (slot.startsWith(stockSlotPrefix)) return [[arrayKinds.slot + slot, array]];
    const [name, kind] = cut(slot);
    const key = keys.get(name);
    return key === undefined ? [] : [[`${arrayKinds.slot}${key}/${kind}`, array]];
  });
}

/** The way back. @param arrays - By what follows the kind of array in their names. */
export function loadSlots(
  arrays: ReadonlyMap<string, StoredArray>,
  model: tf.LayersModel,
  objective: Objective,
): Slots {
  const names = new Map(keyedVariables(model, objective));
  const slots = [...arrays].map(([slot, { data, shape }]): [string, NamedArray] => {
    const array = { shape: [...shape], values: data as Float32Array };
    if (slot.startsWith(stockSlotPrefix)) return [slot, array];
    const [key, kind] = cut(slot);
    return [`${names.get(key)!}/${kind}`, array];
  });
  return Object.fromEntries(slots);
}

function keyedVariables(model: tf.LayersModel, objective: Objective): [key: string, name: string][] {
  return [
    ...[...distinctWeights(model)].map(([key, weight]): [string, string] => [key, (weight.read() as tf.Variable).name]),
    ...objective.variables.map(({ name }, i): [string, string] => [arrayKinds.objective + i, name]),
  ];
}

function cut(slot: string): [string, string] {
  const at = slot.lastIndexOf("/");
  return [slot.slice(0, at), slot.slice(at + 1)];
}
