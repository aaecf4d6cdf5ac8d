import { AsyncLocalStorage } from "node:async_hooks";

/** Before Node 24 a process that follows async work would abort when a stop terminates its code. */
const canFollow = Number(process.versions.node.split(".")[0]) >= 24;

/**
 * Knows for what the code that runs was started, however late it runs (timers, promises, streams, workers). On Node
 * below 24 it knows nothing.
 */
export class AsyncContext<Origin> {
  private readonly storage = canFollow ? new AsyncLocalStorage<Origin>() : undefined;

  get origin(): Origin | undefined {
    return this.storage?.getStore();
  }

  /** Runs `work`, and everything that it starts, as code of `origin`. */
  run<Result>(origin: Origin, work: () => Result): Result {
    return this.storage ? this.storage.run(origin, work) : work();
  }
}
