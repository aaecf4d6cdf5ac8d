// Frames on the pipes between supervisor and user process: two little-endian lengths, a JSON text, then bytes.
const headSize = 8;

export interface Frame<Body> {
  readonly body: Body;
  readonly buffers: readonly Buffer[];
}

export function encodeFrame(body: object, buffers: readonly Uint8Array[] = []): Buffer {
  const sized = buffers.length === 0 ? body : { ...body, sizes: buffers.map((buffer) => buffer.byteLength) };
  const json = Buffer.from(JSON.stringify(sized));
  const binary = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
  const head = Buffer.allocUnsafe(headSize);
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(binary, 4);
  return Buffer.concat([head, json, ...buffers]);
}

/** Cuts a byte stream back into frames. */
export class FrameReader<Body> {
  private chunks: Buffer[] = [];
  private size = 0;
  private wanted = headSize;

  constructor(private readonly onFrame: (frame: Frame<Body>) => void) {}

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    this.resume();
  }

  /** Goes on with the frames behind one whose handling was terminated. */
  resume(): void {
    while (this.size >= this.wanted) {
      const bytes = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
      const size = frameSize(bytes);
      const frame = bytes.length >= size ? parse<Body>(bytes) : undefined;
      // What is left is kept before the frame is handled: a stop may terminate that, and nothing here comes after it.
      this.keep(frame ? bytes.subarray(size) : bytes);
      if (frame) this.onFrame(frame);
    }
  }

  private keep(bytes: Buffer): void {
    this.chunks = [bytes];
    this.size = bytes.length;
    this.wanted = frameSize(bytes);
  }
}

/** How many bytes the first frame needs, as far as `bytes` tells. */
function frameSize(bytes: Buffer): number {
  return bytes.length < headSize ? headSize : headSize + bytes.readUInt32LE(0) + bytes.readUInt32LE(4);
}

function parse<Body>(bytes: Buffer): Frame<Body> {
  let at = headSize + bytes.readUInt32LE(0);
  const body = JSON.parse(bytes.toString("utf8", headSize, at)) as Body & { readonly sizes?: readonly number[] };
  const buffers = (body.sizes ?? []).map((size) => {
    at += size;
    return bytes.subarray(at - size, at);
  });
  return { body, buffers };
}
