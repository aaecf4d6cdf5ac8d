import { collectGarbage } from "./collect-garbage.js";
import { engine } from "./engine.js";
import { forgetSortedLayers } from "./sorted-layers.js";
import { variableNames } from "./variable-names.js";
import { watchedTensors } from "./watched-tensors.js";

/** What a tensor weighs in JavaScript objects: many small ones fill the heap too. */
const objectBytes = 1024;
const leastHeadroom = 128 * 2 ** 20;
const mostHeadroom = 2 ** 30;
/** Collections that take a larger share of the time come half as often. */
const mostShare = 1 / 3;

/** The least that tensors have cost since the last collection. */
let floor = 0;
let least = leastHeadroom;
let collectedMs = 0;

/**
 * Frees every tensor that nothing can reach any more: now, in the midst of synchronous code too. For an allocation that
 * failed, before it gives up.
 *
 * @returns How many tensors were freed.
 */
export function relieve(): number {
  forgetSortedLayers();
  watchedTensors.watchWaiting();
  collectGarbage();
  const freed = sweep();
  floor = cost();
  return freed;
}

/**
 * Collects when tensors have grown by as much again as they were, at least 128 MB and at most 1 GB: V8 sees none of
 * their memory, and would let it grow for ever. Where collections are slow, since the program holds much else, more.
 */
export function relieveIfPressed(): void {
  const now = cost();
  if (now < floor) floor = now;
  else if (now > floor + Math.min(Math.max(floor, least), mostHeadroom)) relieveAndTime();
}

function relieveAndTime(): void {
  const begunMs = performance.now();
  relieve();
  const endedMs = performance.now();
  const isSlow = endedMs - begunMs > mostShare * (endedMs - collectedMs);
  least = isSlow ? Math.min(least * 2, mostHeadroom) : Math.max(least / 2, leastHeadroom);
  collectedMs = endedMs;
}

/** Bytes on the backend and in objects. */
function cost(): number {
  const { numBytes, numTensors } = engine.state;
  return numBytes + objectBytes * numTensors;
}

function sweep(): number {
  const freed = watchedTensors.sweep();
  if (freed === 0) return 0;
  variableNames.purge();
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
