import { collectGarbage } from "./collect-garbage.js";
import { forgetSortedLayers } from "./sorted-layers.js";
import { variableNames } from "./variable-names.js";
import { watchedTensors } from "./watched-tensors.js";

const leastHeadroom = 128 * 2 ** 20;
const mostHeadroom = 2 ** 30;

/** The least that watched tensors have cost since the last collection. */
let floor = 0;

/**
 * Frees every tensor that nothing can reach any more: now, in the midst of synchronous code too. For an allocation that
 * failed, before it gives up.
 *
 * @returns How many tensors were freed.
 */
export function relieve(): number {
  forgetSortedLayers();
  collectGarbage();
  return sweep();
}

/**
 * Collects when tensors have grown by as much again as they were, at least 128 MB and at most 1 GB: V8 sees none of
 * their memory, and would let it grow for ever.
 */
export function relieveIfPressed(): void {
  const { cost } = watchedTensors;
  if (cost < floor) floor = cost;
  else if (cost > floor + Math.min(Math.max(floor, leastHeadroom), mostHeadroom)) relieve();
}

function sweep(): number {
  const freed = watchedTensors.sweep();
  if (freed > 0) variableNames.purge();
  floor = watchedTensors.cost;
  return freed;
}

// A collection that V8 makes on its own shows in an object that only a collection can take. Its callback comes with the
// next turn of the event loop; the models that were held by the order of their layers go with the collection after.
const collections = new FinalizationRegistry<undefined>(() => {
  forgetSortedLayers();
  sweep();
  awaitCollection();
});

function awaitCollection(): void {
  collections.register({}, undefined);
}

awaitCollection();
