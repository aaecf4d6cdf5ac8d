import { writevSync } from "node:fs";
import { encodeFrame } from "../pipe/frame.js";
import type { FromUser } from "../pipe/messages.js";
import { interrupts } from "./interrupts.js";

const outputFd = 3;
/** So many pieces the system takes at once. */
const maxPieces = 1024;

/** Sends one report to the supervisor, in order and at once: also while user code never lets the event loop turn. */
export function report(message: FromUser, buffers?: readonly Uint8Array[]): void {
  const pieces = encodeFrame(message, buffers);
  interrupts.protect(() => write(pieces));
}

function write(pieces: readonly Uint8Array[]): void {
  for (let left = pieces; left.length > 0; ) {
    try {
      left = after(left, writevSync(outputFd, left.slice(0, maxPieces)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1); // a full pipe that user code made non-blocking
    }
  }
}

/** What is left of the pieces behind their first `bytes` bytes. */
function after(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let first = 0;
  let left = bytes;
  while (first < pieces.length && pieces[first]!.byteLength <= left) left -= pieces[first++]!.byteLength;
  return first === pieces.length ? [] : [pieces[first]!.subarray(left), ...pieces.slice(first + 1)];
}

const pause = new Int32Array(new SharedArrayBuffer(4));
