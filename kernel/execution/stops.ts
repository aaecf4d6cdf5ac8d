/** What a stop needs of the user process. */
export interface Stoppable {
  /** Asks it to stop what runs, the programs that it started too if `children`. */
  stop(children: boolean): void;
  /** Ends it; its variables are lost. */
  kill(): void;
}

const secondStopMs = 1000;
const hintAfterMs = 3000;
const hint = "Still running, probably in native code. Press Stop again to end the process; variables would be lost.\n";

/** Stop requests: the first one to a cell asks, a second one a moment later ends the user process. */
export class Stops {
  /** Stops sent to the user process that runs now. */
  sent = 0;
  private taken: Promise<void> | undefined;
  private onTaken: () => void = () => {};
  private first: { readonly cell: number; readonly at: number } | undefined;

  constructor(private readonly process: Stoppable) {}

  /**
   * @param cell - The cell or comm message that runs, if one does.
   * @param tell - Shows a hint under it when it does not react.
   */
  request(cell: number | undefined, tell: (hint: string) => void): void {
    this.taken ??= new Promise((resolve) => {
      this.onTaken = resolve;
    });
    this.sent++;
    this.process.stop(cell !== undefined);
    if (cell === undefined) return;
    if (this.first?.cell !== cell) {
      this.first = { cell, at: Date.now() };
      setTimeout(() => this.first?.cell === cell && tell(hint), hintAfterMs).unref();
    } else if (Date.now() - this.first.at >= secondStopMs) this.process.kill();
  }

  /** The user process says how many stops have taken effect. */
  takenEffect(stops: number): void {
    if (stops >= this.sent) this.reached();
  }

  /** Settles when no stop is on its way any more, since one is meant for the cell before; undefined if none is. */
  get settled(): Promise<void> | undefined {
    return this.taken;
  }

  /** The cell or comm message ended. */
  ended(cell: number): void {
    if (this.first?.cell === cell) this.first = undefined;
  }

  /** A fresh user process has seen no stop. */
  reset(): void {
    this.sent = 0;
    this.reached();
  }

  private reached(): void {
    this.taken = undefined;
    this.onTaken();
  }
}
