import { setImmediate } from "node:timers";

import type tf = require("../parts.cjs");

import { type Reference, release } from "./references.js";

/** How many tensors wait at most; it bounds what of them a collection cannot take. */
const mostWaiting = 1024;

/** Where a tensor keeps its {@link Watched}. */
const watchedKey: unique symbol = Symbol("watched");

type WatchedTensor = tf.Tensor & { [watchedKey]?: Watched };

/** What must be given back when a tensor is gone, without holding the tensor. */
class Watched implements Reference {
  private readonly target: WeakRef<tf.Tensor>;
  readonly dtype: tf.DataType;
  readonly size: number;
  /** Whether there is a reference to give back: not after the tensor was disposed. */
  isLive = false;

  constructor(
    tensor: tf.Tensor,
    public dataId: object,
  ) {
    this.target = new WeakRef(tensor);
    this.dtype = tensor.dtype;
    this.size = tensor.size;
  }

  get tensor(): tf.Tensor | undefined {
    return this.target.deref();
  }
}

class WatchedTensors {
  private readonly all = new Set<Watched>();
  /** A WeakRef costs a microsecond, and most tensors that could need one are disposed in the same turn. */
  private readonly waiting: tf.Tensor[] = [];

  /** Watches a tensor unless it is disposed soon. */
  add(tensor: tf.Tensor): void {
    if (this.waiting.length === 0) setImmediate(() => this.watchWaiting()).unref();
    else if (this.waiting.length >= mostWaiting) this.watchWaiting();
    this.waiting.push(tensor);
  }

  /** What watches a tensor once it `isLive`, with the data that the tensor has now. */
  entry(tensor: WatchedTensor): Watched {
    let watched = tensor[watchedKey];
    if (watched === undefined) {
      watched = new Watched(tensor, tensor.dataId);
      tensor[watchedKey] = watched;
    }
    watched.dataId = tensor.dataId;
    this.all.add(watched);
    return watched;
  }

  /** Watches a tensor that counts already. */
  watch(tensor: tf.Tensor): void {
    this.entry(tensor).isLive = true;
  }

  /** What watches a tensor, if anything does. */
  find(tensor: WatchedTensor): Watched | undefined {
    return tensor[watchedKey];
  }

  /** From here on a collection can take every tensor that nothing else holds. */
  watchWaiting(): void {
    const { waiting } = this;
    // From the end, one by one: code that is stopped here must not forget the rest.
    for (let last = waiting.at(-1); last !== undefined; last = waiting.at(-1)) {
      if (!last.isDisposed) this.watch(last);
      waiting.pop();
    }
  }

  /** Frees what was collected since the last sweep. Returns how many tensors that were. */
  sweep(): number {
    let freed = 0;
    for (const watched of this.all) {
      const isGone = watched.tensor === undefined;
      if (isGone && watched.isLive) {
        release(watched, { watched });
        freed++;
      }
      if (isGone || !watched.isLive) this.all.delete(watched);
    }
    return freed;
  }

  *[Symbol.iterator](): Iterator<tf.Tensor> {
    this.watchWaiting();
    for (const { tensor, isLive } of this.all) if (isLive && tensor !== undefined) yield tensor;
  }
}

/**
 * The tensors that no `tf.tidy` will free: results at the top level, what was kept, and variables. Each is given back
 * once it is unreachable, unless it was disposed before.
 */
export const watchedTensors = new WatchedTensors();
