import { setTimeout as delay } from "node:timers/promises";
import type { StreamText } from "./output-queue.js";
import type { SpillFile } from "./spill-file.js";

/** Who does not want to wait hears of the file before a slow disk has all of it. */
const hurriedMs = 200;
const tailLength = 64 * 1024;
/** Each change between stdout and stderr is a message of its own, and those are limited too. */
const tailParts = 40;

/** The text of a cell that printed too much to show: all of it goes to a file, and its end is kept to be shown. */
export class Overflow {
  private tail: StreamText[] = [];
  private length = 0;
  private isShortened = false;
  private hiddenBytes = 0;

  /**
   * @param printed - What the cell printed so far, shown or not.
   * @param unshown - The end of it that was not shown, and now will not be.
   */
  constructor(
    private readonly file: SpillFile,
    printed: readonly Buffer[],
    unshown: readonly StreamText[],
  ) {
    for (const bytes of printed) void this.file.write(bytes);
    for (const part of unshown) this.hide(part);
  }

  /** Returns what to wait for when the disk is behind. */
  add(part: StreamText): Promise<unknown> | undefined {
    this.hide(part);
    return this.file.write(Buffer.from(part.text));
  }

  /** Where its text is, for who does not want to wait for the end. */
  note(): string {
    const { path } = this.file;
    return path === undefined ? "" : `\n... much text: what follows is in ${path}, a temporary file ...\n`;
  }

  /**
   * Settles when all is written: one line about what is not shown, then the end of the text, in whole lines.
   *
   * @param hurry - Settles when nobody wants to wait for the disk.
   */
  async end(hurry: Promise<void>): Promise<StreamText[]> {
    const hurried = hurry.then(() => delay(hurriedMs));
    const end = await Promise.race([this.file.end(), hurried.then(() => this.file.outcome())]);
    const tail = this.wholeLines();
    const missing = this.hiddenBytes - tail.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    if (missing === 0) return tail;
    const where =
      end.error === undefined
        ? `; ${end.isComplete ? "all" : "the first"} ${size(end.bytes)} are in ${end.path}, a temporary file`
        : `, and they could not be written to a file: ${end.error}`;
    return [{ name: "stdout", text: `\n... ${size(missing)} more${where} ...\n` }, ...tail];
  }

  private hide({ name, text }: StreamText): void {
    this.hiddenBytes += Buffer.byteLength(text);
    this.length += text.length;
    const last = this.tail.at(-1);
    if (last?.name === name) this.tail[this.tail.length - 1] = { name, text: last.text + text };
    else this.tail.push({ name, text });
    if (this.length > 2 * tailLength || this.tail.length > 2 * tailParts) this.shorten();
  }

  private shorten(): void {
    while (this.length > tailLength || this.tail.length > tailParts) {
      this.isShortened = true;
      const { name, text } = this.tail.shift()!;
      const kept = this.tail.length < tailParts ? text.slice(this.length - tailLength) : "";
      if (kept !== "") this.tail.unshift({ name, text: kept });
      this.length -= text.length - kept.length;
    }
  }

  /** The tail from the beginning of a line; from within a line if that is longer than the tail. */
  private wholeLines(): StreamText[] {
    this.shorten();
    if (!this.isShortened) return this.tail;
    const [first, ...others] = this.tail as [StreamText, ...StreamText[]];
    const text = first.text.slice(first.text.indexOf("\n") + 1).replace(/^[\udc00-\udfff]/, "");
    return [{ name: first.name, text }, ...others];
  }
}

function size(bytes: number): string {
  if (bytes < 1e5) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
