import type { Answer, Callback, Ending, FitTask, Metrics, Task } from "./callback.js";

/** The callbacks of one run: asks each in turn, and keeps an error in one of them from ending the training. */
export class CallbackList {
  /** Whether anybody wants to hear of each batch. */
  readonly followsBatches: boolean;
  private readonly reported = new Set<Callback>();

  constructor(private readonly callbacks: readonly Callback[]) {
    this.followsBatches = callbacks.some((callback) => callback.onBatchEnd !== undefined);
  }

  /** @throws What a callback throws: nothing is trained yet, so the mistake can be set right first. */
  async trainBegin(fit: FitTask): Promise<void> {
    for (const callback of this.callbacks) await callback.onTrainBegin?.(fit);
  }

  async epochBegin(epoch: Task): Promise<void> {
    await this.ask("onEpochBegin", (callback) => callback.onEpochBegin?.(epoch));
  }

  /** Returns why training should stop, if a callback says so. */
  batchEnd(batch: Task, metrics: Metrics): Promise<string | undefined> {
    return this.ask("onBatchEnd", (callback) => callback.onBatchEnd?.(batch, metrics));
  }

  /** Returns why training should stop, if a callback says so. */
  epochEnd(epoch: Task, metrics: Metrics): Promise<string | undefined> {
    return this.ask("onEpochEnd", (callback) => callback.onEpochEnd?.(epoch, metrics));
  }

  async trainEnd(fit: FitTask, ending: Ending): Promise<void> {
    await this.ask("onTrainEnd", (callback) => callback.onTrainEnd?.(fit, ending));
  }

  private async ask(hook: keyof Callback, call: (callback: Callback) => Answer | Promise<Answer>) {
    let reason: string | undefined;
    for (const callback of this.callbacks) {
      try {
        const answer = await call(callback);
        if (answer) reason ??= answer === "stop" ? `${nameOf(callback)} said stop.` : answer.stop;
      } catch (error) {
        if (this.reported.has(callback)) continue;
        this.reported.add(callback);
        console.warn(
          `${nameOf(callback)}: ${hook} threw; training goes on, and later errors of it are not shown.\n`,
          error,
        );
      }
    }
    return reason;
  }
}

function nameOf(callback: Callback): string {
  const name = callback.constructor?.name;
  return name && name !== "Object" ? name : "A callback";
}
