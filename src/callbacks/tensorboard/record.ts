import { crc32c } from "./crc32c.js";

/**
 * One record of a TFRecord file: its length in 8 bytes, the checksum of those, the bytes themselves and their checksum, lowest
 * byte first (tensorflow/core/lib/io/record_writer.h).
 */
export function record(bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(bytes.length + 16);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(bytes.length), true);
  view.setUint32(8, masked(crc32c(framed.subarray(0, 8))), true);
  framed.set(bytes, 12);
  view.setUint32(12 + bytes.length, masked(crc32c(bytes)), true);
  return framed;
}

/** A checksum in a form that is no checksum of data that has checksums in it. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
