import type { OutputShaper } from "./output-shaper.js";

interface CellOutput {
  readonly output: OutputShaper;
  /** The front end's name for the cell, the same for every run of it. */
  readonly cellId: unknown;
}

/** Outputs that come after their cell ended still find it; older runs than these are forgotten. */
const rememberedRuns = 1000;

/** Where the output of each run of a cell goes: a cell that runs again takes over what its earlier runs still say. */
export class Outputs {
  private readonly runs = new Map<number, CellOutput>();
  private readonly newest = new Map<unknown, OutputShaper>();

  /** @param run - Counts up. */
  add(run: number, output: OutputShaper, cellId: unknown): void {
    this.runs.set(run, { output, cellId });
    if (cellId !== undefined) this.newest.set(cellId, output);
    const forgotten = this.runs.get(run - rememberedRuns);
    this.runs.delete(run - rememberedRuns);
    if (forgotten && this.newest.get(forgotten.cellId) === forgotten.output) this.newest.delete(forgotten.cellId);
  }

  get(run: number): OutputShaper | undefined {
    const found = this.runs.get(run);
    return found && (this.newest.get(found.cellId) ?? found.output);
  }

  /** Sends what waits. */
  flush(): void {
    for (const { output } of this.runs.values()) output.flush();
  }
}
