/** The cells of the memory that the kernel shares with its interrupt thread. */
export const stopCells = {
  /** Stop requests so far. */
  requests: 0,
  /** Cooperative loops that run now: while there are any, a stop waits for them to end by themselves. */
  loops: 1,
  /** Stop requests that came before the running cell began. */
  beforeCell: 2,
  /** For the kernel: how far the newest stop has come. */
  state: 3,
  /** For the kernel: parts of its own that load now. A module that was terminated while it loads never loads again. */
  loading: 4,
  /** For the kernel: 1 while a cell runs. */
  cell: 5,
} as const;

let shared = new Int32Array(new SharedArrayBuffer(4 * Object.keys(stopCells).length));

/** Called once by the kernel, with memory that its interrupt thread writes to. */
export function bindStopFlag(memory: Int32Array<SharedArrayBuffer>): void {
  shared = memory;
}

/** What a cell ends with when it was stopped. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("Stopped. Variables are kept.");
  }
}

/** Runs `work`, whose steps a stop does not cut short: it takes effect between them. */
export async function unterminated<T>(work: () => Promise<T>): Promise<T> {
  Atomics.add(shared, stopCells.loading, 1);
  try {
    return await work();
  } finally {
    Atomics.sub(shared, stopCells.loading, 1);
  }
}

/**
 * Runs `work`, a loop of ours that asks `stopRequested()` between its steps and then ends early by itself, so that a
 * stopped fit still hands back its model. A loop that begins after the stop, in the same cell, does not start.
 *
 * @throws Interrupted if the cell was stopped already.
 * @example
 * await stoppable(async (stopRequested) => {
 *   for (let step = 0; step < steps && !stopRequested(); step++) await trainStep();
 * });
 */
export async function stoppable<T>(work: (stopRequested: () => boolean) => Promise<T>): Promise<T> {
  const before = Atomics.load(shared, stopCells.beforeCell);
  const stopRequested = () => Atomics.load(shared, stopCells.requests) !== before;
  if (stopRequested()) throw new Interrupted();
  Atomics.add(shared, stopCells.loops, 1);
  try {
    return await work(stopRequested);
  } finally {
    Atomics.sub(shared, stopCells.loops, 1);
  }
}
