import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { exactText, exactValue } from "./exact-json.js";
import type { RunEvent } from "./run-event.js";
import { journalName } from "./runs-folder.js";

/**
 * What happened in a run, a line of JSON each, appended as it happens. A line costs one write; only the lines that begin and
 * end something wait for the disk.
 */
export class Journal {
  private readonly file: number;
  private isLineOpen: boolean;

  /** @throws What `node:fs` throws if the file cannot be written. */
  constructor(folder: string) {
    this.file = openSync(join(folder, journalName), "a+");
    // A process that was killed may have left half a line.
    this.isLineOpen = !endsWithNewline(this.file);
  }

  /** @throws What `node:fs` throws; what was written of the line is passed over by readers. */
  append(event: RunEvent, { toDisk = false } = {}): void {
    const line = Buffer.from(`${this.isLineOpen ? "\n" : ""}${exactText(event)}\n`);
    this.isLineOpen = true;
    for (let done = 0; done < line.length; ) done += writeSync(this.file, line, done);
    this.isLineOpen = false;
    if (toDisk) fsyncSync(this.file);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** The events of a run in their order. Half lines, which a kill or a full disk leaves, are no events. */
export function readJournal(folder: string): RunEvent[] {
  return eventsOf(readFileSync(join(folder, journalName), "utf8"));
}

export function eventsOf(text: string): RunEvent[] {
  return text.split("\n").flatMap((line) => {
    try {
      return [exactValue(line) as RunEvent];
    } catch {
      return [];
    }
  });
}

function endsWithNewline(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] === 10;
}
