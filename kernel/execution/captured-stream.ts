import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Hands on what native code and child processes write to file descriptor 1 or 2 of the user process. */
export function capture(source: Readable, onText: (text: string) => void): void {
  const decoder = new StringDecoder("utf8");
  const emit = (text: string) => {
    if (text !== "") onText(text);
  };
  source.on("data", (chunk: Buffer) => emit(decoder.write(chunk)));
  source.on("close", () => emit(decoder.end()));
}

/**
 * Settles when everything that was in our pipes before this call has been read. What is ready in the poll phase that
 * runs now may be older than what the caller has just read from another pipe; the whole next poll phase is not.
 */
export async function pendingReads(): Promise<void> {
  for (const _ of ["the end of this turn", "the next turn"]) await new Promise(setImmediate);
}
