import tf = require("../parts.cjs");

/** What the objects around a tensor weigh in JavaScript: small tensors fill the heap too. */
const objectBytes = 1024;

/** Where a tensor keeps its {@link Watched}. */
const watchedKey: unique symbol = Symbol("watched");

type WatchedTensor = tf.Tensor & { [watchedKey]?: Watched };

/** What must be given back when a tensor is gone, without holding the tensor. */
class Watched {
  private readonly target: WeakRef<tf.Tensor>;
  readonly dtype: tf.DataType;
  readonly size: number;
  readonly cost: number;
  isLive = false;

  constructor(
    tensor: tf.Tensor,
    public dataId: object,
  ) {
    this.target = new WeakRef(tensor);
    this.dtype = tensor.dtype;
    this.size = tensor.size;
    // A string has 8 bytes here, as a pointer has: what it points at is in the JavaScript heap, which V8 watches itself.
    this.cost = objectBytes + tensor.size * (this.dtype === "string" ? 8 : tf.util.bytesPerElement(this.dtype));
  }

  get tensor(): tf.Tensor | undefined {
    return this.target.deref();
  }
}

class WatchedTensors {
  private readonly live = new Set<Watched>();
  private readonly free: (gone: never) => void = tf.engine().disposeTensor;
  /** Bytes on the backend and in objects, of the tensors that are watched; views of the same data count each. */
  cost = 0;

  /** Watches a tensor from now on; one that is watched already with the data that it has now (a variable changes it). */
  watch(tensor: WatchedTensor): void {
    let watched = tensor[watchedKey];
    if (watched === undefined) {
      watched = new Watched(tensor, tensor.dataId);
      tensor[watchedKey] = watched;
    }
    watched.dataId = tensor.dataId;
    if (watched.isLive) return;
    watched.isLive = true;
    this.cost += watched.cost;
    this.live.add(watched);
  }

  /** Called when a tensor is freed by other means. */
  unwatch(tensor: WatchedTensor): void {
    const watched = tensor[watchedKey];
    if (watched?.isLive) this.forget(watched);
  }

  /** Frees what was collected since the last sweep. Returns how many tensors that were. */
  sweep(): number {
    let freed = 0;
    for (const watched of this.live) {
      if (watched.tensor !== undefined) continue;
      this.forget(watched); // first: code that is stopped here must not free twice
      this.free.call(tf.engine(), watched as never); // what it reads of a tensor, a Watched has
      freed++;
    }
    return freed;
  }

  *[Symbol.iterator](): Iterator<tf.Tensor> {
    for (const { tensor } of this.live) if (tensor !== undefined) yield tensor;
  }

  private forget(watched: Watched): void {
    watched.isLive = false;
    this.cost -= watched.cost;
    this.live.delete(watched);
  }
}

/**
 * The tensors that no `tf.tidy` will free: results at the top level, what was kept, and variables. Each is given back
 * once it is unreachable, unless it was disposed before.
 */
export const watchedTensors = new WatchedTensors();
