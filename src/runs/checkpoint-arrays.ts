import type { StoredArray } from "../models/safetensors.js";

/** Where weights were kept: after so many complete epochs and steps. */
export interface KeptPlace {
  readonly epoch: number;
  readonly step: number;
}

/** How a checkpoint names its arrays: each kind in front of the key of a weight in the model. */
export const arrayKinds = {
  weight: "weight/",
  slot: "slot/",
  objective: "objective/",
  order: "order",
  kept: (place: KeptPlace) => `kept/${place.epoch}@${place.step}/`,
} as const;

/** The arrays whose names begin with `prefix`, under what follows it. */
export function arraysUnder(arrays: ReadonlyMap<string, StoredArray>, prefix: string): Map<string, StoredArray> {
  const found = [...arrays].filter(([name]) => name.startsWith(prefix));
  return new Map(found.map(([name, array]) => [name.slice(prefix.length), array]));
}

/** The places of all weights that a checkpoint has besides those of its own step. */
export function keptPlaces(arrays: ReadonlyMap<string, StoredArray>): KeptPlace[] {
  const places = [...arrays.keys()].flatMap((name) => /^kept\/(\d+@\d+)\//.exec(name)?.[1] ?? []);
  return [...new Set(places)].map((place) => {
    const [epoch, step] = place.split("@").map(Number) as [number, number];
    return { epoch, step };
  });
}
