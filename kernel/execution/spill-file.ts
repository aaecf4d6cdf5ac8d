import { createWriteStream, type WriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { finished } from "node:stream/promises";

const batchBytes = 256 * 1024;
const maxPending = 4 * 2 ** 20;

/** How a file ended: with all that was written, with its beginning, or not at all. */
export type SpillEnd =
  | { readonly error?: undefined; readonly path: string; readonly bytes: number; readonly isComplete: boolean }
  | { readonly error: string };

/** A private file for what is too much to show. What goes wrong is told at its end, so a full disk stops no cell. */
export class SpillFile {
  private stream: WriteStream | undefined;
  private error: string | undefined;
  private batch: Buffer[] = [];
  private batched = 0;
  private bytes = 0;
  private isComplete = true;
  private isBehind = false;
  private isOurs = false;

  /**
   * @param pathFor - Gives the path; what it throws is the error of this file.
   * @param maxBytes - What exceeds this is not written: a loop that never ends must not fill the disk.
   */
  constructor(
    pathFor: () => string,
    private readonly maxBytes: number,
  ) {
    try {
      this.stream = createWriteStream(pathFor(), { flags: "wx", mode: 0o600, highWaterMark: maxPending });
      this.stream.on("open", () => {
        this.isOurs = true;
      });
      this.stream.on("error", (error) => this.fail(error));
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** Its path, as long as it can be written. */
  get path(): string | undefined {
    return this.stream && String(this.stream.path);
  }

  /** When the disk is behind, returns what to wait for before more is written. */
  write(bytes: Buffer): Promise<unknown> | undefined {
    this.isComplete &&= this.bytes + bytes.length <= this.maxBytes;
    if (!this.stream || !this.isComplete) return undefined;
    this.bytes += bytes.length;
    this.batched += bytes.length;
    this.batch.push(bytes);
    return this.batched >= batchBytes ? this.writeBatch(this.stream) : undefined;
  }

  /** Settles when all is in the file. */
  async end(): Promise<SpillEnd> {
    const { stream } = this;
    if (stream) {
      void this.writeBatch(stream);
      stream.end();
      await finished(stream).catch((error) => this.fail(error));
    }
    return this.outcome();
  }

  /** What is in the file, or will be as soon as the disk has taken it. */
  outcome(): SpillEnd {
    if (this.path === undefined) return { error: this.error ?? "" };
    return { path: this.path, bytes: this.bytes, isComplete: this.isComplete };
  }

  private writeBatch(stream: WriteStream): Promise<unknown> | undefined {
    const bytes = Buffer.concat(this.batch);
    this.batch = [];
    this.batched = 0;
    if (stream.write(bytes) || this.isBehind) return undefined;
    this.isBehind = true;
    return new Promise<void>((resolve) => {
      stream.once("drain", resolve);
      stream.once("close", resolve);
    }).then(() => {
      this.isBehind = false;
    });
  }

  private fail(error: Error): void {
    const { stream } = this;
    this.stream = undefined;
    this.batch = [];
    this.error ??= error.message;
    // A part of it on a full disk would help nobody. The error before is the one to tell.
    if (stream && this.isOurs) rm(stream.path, { force: true }).catch(() => {});
  }
}
