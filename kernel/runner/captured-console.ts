import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { report } from "./output-pipe.js";

/** Longer text goes in pieces, so that neither process needs several copies of all of it. */
const pieceLength = 64 * 1024;

type Done = (error?: Error | null) => void;

/** Sends what is written to process.stdout and process.stderr (and so by console) to the cell that runs. */
export function captureConsole(currentCell: () => number): void {
  for (const [name, fd] of [["stdout", 1] as const, ["stderr", 2] as const]) {
    const emit = (text: string) => {
      for (let at = 0; at < text.length; at += pieceLength) {
        report({ type: "stream", cell: currentCell(), name, text: text.slice(at, at + pieceLength) });
      }
    };
    Object.defineProperty(process, name, { value: new CapturedStream(fd, emit), configurable: true });
  }
}

/**
 * Writes at once and no write depends on another: Stop may end the code in the middle of a write, and an ordinary stream
 * would then wait for the end of that write for ever.
 */
class CapturedStream extends Writable {
  private readonly decoder = new StringDecoder("utf8");
  private written: { readonly done: Done; times: number } | undefined;

  constructor(
    readonly fd: 1 | 2,
    private readonly emitText: (text: string) => void,
  ) {
    super({ decodeStrings: false });
    // console would add a listener before each line and remove it after.
    this.on("error", () => {});
  }

  override write(chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean {
    const callback = typeof encoding === "function" ? encoding : done;
    this.emitText(this.decode(chunk, typeof encoding === "string" ? encoding : "utf8"));
    if (callback) this.callLater(callback);
    return true;
  }

  /** The last words of `end(chunk)`. */
  override _write(chunk: string | Uint8Array, encoding: BufferEncoding, done: Done): void {
    this.emitText(this.decode(chunk, encoding));
    done();
  }

  /** console passes one and the same callback with every line; a million of them are one entry. */
  private callLater(done: Done): void {
    if (this.written?.done === done) {
      this.written.times++;
      return;
    }
    const written = { done, times: 1 };
    this.written = written;
    process.nextTick(() => {
      if (this.written === written) this.written = undefined;
      for (let i = 0; i < written.times; i++) done(null);
    });
  }

  private decode(chunk: string | Uint8Array, encoding: BufferEncoding): string {
    if (typeof chunk !== "string") return this.decoder.write(chunk as Buffer);
    return /^utf-?8$/i.test(encoding) ? chunk : this.decoder.write(Buffer.from(chunk, encoding));
  }
}
