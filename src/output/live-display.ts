import { canUpdate, type DisplayHandle, display } from "./display.js";

/**
 * One place on the page for something that changes often, such as the board of a training run: the first state shows at
 * once, then a few a second, and the last one always. In plain Node only the last one shows, as a line of text.
 *
 * @example
 * const live = new LiveDisplay();
 * for (const step of steps) live.show(() => chartOf(step));
 * live.finish(chartOf(steps.at(-1)));
 */
export class LiveDisplay {
  private handle: DisplayHandle | undefined;
  private lastSentMs = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private latest: (() => unknown) | undefined;
  private finished = false;

  /** @param minIntervalMs - The least time between two updates, in milliseconds. */
  constructor(private readonly minIntervalMs = 250) {
    if (!(minIntervalMs >= 0)) {
      throw new RangeError(`LiveDisplay: minIntervalMs must be a number from 0, got ${String(minIntervalMs)}.`);
    }
  }

  /**
   * Shows what `make` returns, unless the last update is too recent; then it waits for a pause, and only the newest counts.
   * @param make - Called only for a state that is really sent.
   */
  show(make: () => unknown): void {
    if (this.finished || !canUpdate()) return;
    this.latest = make;
    // Decided here and not in the timer alone, because no timer fires during a synchronous training loop.
    const waitMs = this.lastSentMs + this.minIntervalMs - performance.now();
    if (waitMs <= 0) this.sendLatest();
    else this.timer ??= setTimeout(() => this.sendLatest(), waitMs).unref();
  }

  /** Shows `value` as the last state, at once. Later calls do nothing. */
  finish(value: unknown): void {
    if (this.finished) return;
    this.finished = true;
    this.latest = () => value;
    this.sendLatest();
  }

  private sendLatest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const make = this.latest;
    this.latest = undefined;
    if (make === undefined) return;
    if (this.handle === undefined) this.handle = display(make());
    else this.handle.update(make());
    this.lastSentMs = performance.now();
  }
}
