import type { OutputShaper } from "./output-shaper.js";

interface RunOutput {
  readonly output: OutputShaper;
  /** The front end's name for the cell, the same for every run of it; undefined if it has none. */
  readonly cellId: unknown;
}

/** Outputs that come after their cell ended still find it; older runs than these are forgotten. */
const rememberedRuns = 1000;

/** Where the output of each run goes: a cell that runs again takes over what its earlier runs still say. */
export class Outputs {
  private readonly runs = new Map<number, RunOutput>();
  private readonly newest = new Map<unknown, OutputShaper>();

  add(run: number, output: OutputShaper, cellId?: unknown): void {
    this.runs.set(run, { output, cellId });
    if (cellId !== undefined) this.newest.set(cellId, output);
    if (this.runs.size > rememberedRuns) this.forgetOldest();
  }

  get(run: number): OutputShaper | undefined {
    const found = this.runs.get(run);
    return found && (this.newest.get(found.cellId) ?? found.output);
  }

  /** Sends what waits; settles when all is where it belongs. */
  async dispose(): Promise<void> {
    await Promise.all([...this.runs.values()].map(({ output }) => output.dispose()));
  }

  private forgetOldest(): void {
    const [run, { output, cellId }] = this.runs.entries().next().value!;
    this.runs.delete(run);
    if (this.newest.get(cellId) === output) this.newest.delete(cellId);
  }
}
