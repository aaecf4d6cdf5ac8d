import { ShapeError } from "../core/errors.js";
import type { tf } from "../engine/tf.js";
import { distinctWeights } from "../models/model-weights.js";
import type { StoredArray } from "../models/safetensors.js";
import { checkShapes, setWeights } from "../models/set-weights.js";
import { arrayKinds, arraysUnder } from "./checkpoint-arrays.js";

/**
 * The arrays of a checkpoint under the keys that the weights of `model` have. A cell that built the same layers anew gave them
 * other names; then they are taken in their order.
 * @throws ShapeError if the model has another number of weights.
 */
export function arraysFor(model: tf.LayersModel, arrays: ReadonlyMap<string, StoredArray>): Map<string, StoredArray> {
  const stored = [...arraysUnder(arrays, arrayKinds.weight).keys()];
  const own = [...distinctWeights(model).keys()];
  if (stored.length !== own.length) {
    throw new ShapeError(
      `resume: the model has ${own.length} weights, and that of the run has ${stored.length}. Build it with the same layers.`,
    );
  }
  const known = new Set(own);
  if (stored.every((key) => known.has(key))) return new Map(arrays);
  const renamed = new Map(stored.map((key, i) => [key, own[i]!]));
  return new Map([...arrays].map(([name, array]) => [nameWith(renamed, name), array]));
}

/** @throws ShapeError at the first array that does not fit its weight. */
export function setModelWeights(model: tf.LayersModel, arrays: ReadonlyMap<string, StoredArray>): void {
  const assignments = [...distinctWeights(model)].map(([name, variable]) => {
    return { name, variable, source: name, array: arrays.get(name)! };
  });
  checkShapes("resume", "the checkpoint", assignments);
  setWeights(assignments);
}

function nameWith(renamed: ReadonlyMap<string, string>, name: string): string {
  const [, kind, rest] = /^(weight\/|slot\/|kept\/[^/]+\/)(.*)$/.exec(name) ?? [];
  if (kind === undefined || rest === undefined) return name;
  const cut = kind === arrayKinds.slot ? rest.lastIndexOf("/") : rest.length;
  const key = renamed.get(rest.slice(0, cut));
  return key === undefined ? name : kind + key + rest.slice(cut);
}
