import { writeSync } from "node:fs";
import { encodeFrame } from "../pipe/frame.js";
import type { FromUser } from "../pipe/messages.js";
import { interrupts } from "./interrupts.js";

const outputFd = 3;

/** Sends one report to the supervisor, in order and at once: also while user code never lets the event loop turn. */
export function report(message: FromUser): void {
  const bytes = encodeFrame(message);
  interrupts.protect(() => write(bytes));
}

function write(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(outputFd, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1); // a full pipe that user code made non-blocking
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));
