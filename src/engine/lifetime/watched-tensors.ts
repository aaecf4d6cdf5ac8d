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
  isLive = true;

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
    this.waiting.push(tensor);
    if (this.waiting.length >= mostWaiting) this.watchWaiting();
    else if (this.waiting.length === 1) setImmediate(() => this.watchWaiting()).unref();
  }

  /** Watches a tensor from now on; a variable that is watched already, with the data that it has now. */
  watch(tensor: WatchedTensor): void {
    let watched = tensor[watchedKey];
    if (watched === undefined) {
      watched = new Watched(tensor, tensor.dataId);
      tensor[watchedKey] = watched;
    }
    watched.dataId = tensor.dataId;
    watched.isLive = true;
    this.all.add(watched);
  }

  /** Called when a tensor is freed by other means. */
  unwatch(tensor: WatchedTensor): void {
    const watched = tensor[watchedKey];
    if (watched !== undefined) watched.isLive = false;
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
      if (!isGone && watched.isLive) continue;
      this.all.delete(watched); // first: code that is stopped here must not free twice
      if (!watched.isLive) continue;
      release(watched);
      freed++;
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
