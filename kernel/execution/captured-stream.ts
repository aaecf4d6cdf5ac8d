import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/**
 * What native code and child processes write to file descriptor 1 or 2 of the user process. The runner ends each cell
 * with a mark on both, so `upTo(cell)` settles once all text before its mark has been handed on.
 */
export class CapturedStream {
  private readonly decoder = new StringDecoder("utf8");
  private held = "";
  private lastCell = 0;
  private awaited: { readonly cell: number; readonly resolve: () => void } | undefined;

  /** @param token - Part of every mark, unknown to user code. */
  constructor(
    source: Readable,
    private readonly token: string,
    private readonly onText: (text: string) => void,
  ) {
    source.on("data", (chunk: Buffer) => this.take(this.decoder.write(chunk)));
    source.on("error", () => source.destroy());
    source.on("close", () => this.end());
  }

  upTo(cell: number): Promise<void> {
    if (this.lastCell >= cell) return Promise.resolve();
    return new Promise((resolve) => {
      this.awaited = { cell, resolve };
    });
  }

  private take(text: string): void {
    const all = this.held + text;
    const marks = new RegExp(`\u0000etude-${this.token}-(\\d+)\u0000`, "g");
    let from = 0;
    for (const { 0: mark, 1: cell, index } of all.matchAll(marks)) {
      this.emit(all.slice(from, index));
      from = index + mark.length;
      this.reached(Number(cell));
    }
    const rest = all.slice(from);
    const start = this.partialMark(rest);
    this.emit(rest.slice(0, start));
    this.held = rest.slice(start);
  }

  /** Where a mark that is cut off at the end of `text` may begin. */
  private partialMark(text: string): number {
    const at = text.lastIndexOf("\u0000");
    if (at < 0) return text.length;
    const tail = text.slice(at);
    const full = `\u0000etude-${this.token}-`;
    const begins = full.startsWith(tail) || (tail.startsWith(full) && /^\d*$/.test(tail.slice(full.length)));
    return begins ? at : text.length;
  }

  private end(): void {
    this.emit(this.held + this.decoder.end());
    this.held = "";
    this.reached(Number.POSITIVE_INFINITY);
  }

  private reached(cell: number): void {
    this.lastCell = cell;
    if (!this.awaited || this.awaited.cell > cell) return;
    this.awaited.resolve();
    this.awaited = undefined;
  }

  private emit(text: string): void {
    if (text !== "") this.onText(text);
  }
}
