import { setImmediate } from "node:timers/promises";

const breathAfterMs = 30;

/** Lets timers, messages and displays run in the midst of a long synchronous loop, about every 30 ms. */
export class Breather {
  private lastMs = performance.now();

  /** Whether to `await breathe()` now; asked at every step, so that a step in between costs no promise. */
  isDue(): boolean {
    return performance.now() - this.lastMs > breathAfterMs;
  }

  async breathe(): Promise<void> {
    await setImmediate();
    this.lastMs = performance.now();
  }
}
