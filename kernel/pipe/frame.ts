// Frames on the pipes between supervisor and user process: the little-endian length of a JSON text, the text, then the
// buffers, whose sizes are in the text.
const headSize = 4;
/** A copy of less than this costs less than a piece of its own. */
const copiedBytes = 64 * 1024;

export interface Frame<Body> {
  readonly body: Body;
  /** Each has memory of its own and starts at its first byte, so any typed array can be laid over it. */
  readonly buffers: readonly Buffer[];
}

/** The bytes of one frame, in pieces: large buffers are handed on as they are. */
export function encodeFrame(body: object, buffers: readonly Uint8Array[] = []): readonly Uint8Array[] {
  const sized = buffers.length === 0 ? body : { ...body, sizes: buffers.map((buffer) => buffer.byteLength) };
  const json = Buffer.from(JSON.stringify(sized));
  const binary = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
  const head = Buffer.allocUnsafe(headSize);
  head.writeUInt32LE(json.length, 0);
  if (binary <= copiedBytes) return [Buffer.concat([head, json, ...buffers])];
  return [Buffer.concat([head, json]), ...buffers.filter((buffer) => buffer.byteLength > 0)];
}

/** Cuts a byte stream back into frames; every byte is copied once, however the stream is cut. */
export class FrameReader<Body> {
  /** What the next bytes fill, and what follows when it is full. */
  private target: Buffer = Buffer.alloc(headSize);
  private filled = 0;
  private unread: Buffer = Buffer.alloc(0);
  private next: () => void = this.readHead;

  constructor(private readonly onFrame: (frame: Frame<Body>) => void) {}

  push(chunk: Buffer): void {
    // A stop may have terminated the reading of the chunk before.
    this.unread = this.unread.length > 0 ? Buffer.concat([this.unread, chunk]) : chunk;
    while (this.unread.length > 0) {
      const copied = this.unread.copy(this.target, this.filled);
      const rest = this.unread.subarray(copied);
      // Both without a call in between, where a termination would tear them apart.
      this.filled += copied;
      this.unread = rest;
      while (this.filled === this.target.length) this.next();
    }
  }

  private expect(target: Buffer, next: () => void): void {
    this.target = target;
    this.filled = 0;
    this.next = next;
  }

  private readHead(): void {
    const text = Buffer.allocUnsafe(this.target.readUInt32LE(0));
    this.expect(text, () => {
      const body = JSON.parse(text.toString("utf8")) as Body & { readonly sizes?: readonly number[] };
      this.readBuffers({ body, buffers: (body.sizes ?? []).map((size) => Buffer.allocUnsafeSlow(size)) }, 0);
    });
  }

  private readBuffers(frame: Frame<Body>, index: number): void {
    const buffer = frame.buffers[index];
    if (buffer) this.expect(buffer, () => this.readBuffers(frame, index + 1));
    else {
      this.expect(Buffer.alloc(headSize), this.readHead);
      this.onFrame(frame);
    }
  }
}
