// Stop, cooperatively: the kernel puts its request into shared memory, and our own loops look there at every step. While
// such a loop runs the kernel waits for it to end by itself, so that a stopped fit still hands back its model.
// The cells of the shared array: [0] stop requests so far, [1] how many cooperative loops run now.
let shared = new Int32Array(new SharedArrayBuffer(8));

/** Called once by the kernel, with memory that its interrupt thread writes to. */
export function bindStopFlag(memory: Int32Array<SharedArrayBuffer>): void {
  shared = memory;
}

/**
 * Runs `work`, a loop of ours that asks `stopRequested()` between its steps and then ends early by itself.
 *
 * @example
 * await stoppable(async (stopRequested) => {
 *   for (let step = 0; step < steps && !stopRequested(); step++) await trainStep();
 * });
 */
export async function stoppable<T>(work: (stopRequested: () => boolean) => Promise<T>): Promise<T> {
  const before = Atomics.load(shared, 0);
  Atomics.add(shared, 1, 1);
  try {
    return await work(() => Atomics.load(shared, 0) !== before);
  } finally {
    Atomics.sub(shared, 1, 1);
  }
}
