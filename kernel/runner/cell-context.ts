import { AsyncLocalStorage } from "node:async_hooks";

/** Before Node 24 a process that follows async work would abort when a stop terminates its code. */
const canFollow = Number(process.versions.node.split(".")[0]) >= 24;

/**
 * Knows to which cell the code that runs belongs: the one that started it, however late it runs (timers, promises,
 * streams, workers). On Node below 24 that is the newest cell.
 */
export class CellContext {
  private readonly started = canFollow ? new AsyncLocalStorage<number>() : undefined;
  private newest = 0;

  get current(): number {
    return this.started?.getStore() ?? this.newest;
  }

  /** Runs `work`, and everything that it starts, as code of `cell`. */
  run<Result>(cell: number, work: () => Result): Result {
    this.newest = cell;
    return this.started ? this.started.run(cell, work) : work();
  }
}
