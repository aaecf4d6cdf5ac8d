/** When a run writes checkpoints besides its first and its last. */
export interface CheckpointOptions {
  /** After every so many steps, whatever that costs. @default none of this kind */
  readonly everySteps?: number;
  /** Within an epoch, once so much time went by without one. At the end of an epoch a twelfth of it is enough. @default 60 */
  readonly everySeconds?: number;
}

/** At most this share of the time goes into checkpoints that nobody counted the steps for. */
const share = 0.05;
const epochShare = 1 / 12;

/** Says when a checkpoint is due: as often as it was asked for, and no more often than it pays. */
export class CheckpointClock {
  private lastMs: number;
  private costMs = 0;

  constructor(
    private readonly options: CheckpointOptions = {},
    private readonly now: () => number = () => performance.now(),
  ) {
    this.lastMs = now();
  }

  /** @param steps - Steps of the run so far. */
  isDueAfterStep(steps: number): boolean {
    const { everySteps, everySeconds = 60 } = this.options;
    return (everySteps !== undefined && steps % everySteps === 0) || this.waited(everySeconds * 1000);
  }

  isDueAfterEpoch(): boolean {
    const { everySeconds = 60 } = this.options;
    return this.waited(everySeconds * 1000 * epochShare);
  }

  /** @param costMs - What the writing took, the run standing still. */
  wrote(costMs: number): void {
    this.costMs = costMs;
    this.lastMs = this.now();
  }

  private waited(wantedMs: number): boolean {
    return this.now() - this.lastMs >= Math.max(wantedMs, this.costMs / share);
  }
}
