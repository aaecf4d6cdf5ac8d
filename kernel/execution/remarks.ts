/** A cell that runs longer than this shows its remarks while it runs. */
const sayAfterMs = 250;

/** What TypeScript says of a cell, kept back for a moment: if the cell fails at once, it becomes part of the error. */
export class Remarks {
  private readonly kept: string[] = [];
  private keep = true;
  private readonly timer = setTimeout(() => this.release(), sayAfterMs);

  constructor(private readonly say: (remark: string) => void) {}

  add(remark: string): void {
    if (this.keep) this.kept.push(remark);
    else this.say(remark);
  }

  /** The cell succeeded: its remarks are said, also those that come later. */
  release(): void {
    clearTimeout(this.timer);
    this.keep = false;
    for (const remark of this.kept.splice(0)) this.say(remark);
  }

  /** The cell failed: what was kept back, as lines; what comes later is kept for good. */
  lines(): string[] {
    clearTimeout(this.timer);
    this.keep = true;
    return this.kept.splice(0).flatMap((remark) => ["", ...remark.trimEnd().split("\n")]);
  }
}
