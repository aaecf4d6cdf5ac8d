import { join } from "node:path";
import { checkNumber } from "../core/check.js";
import { isPinned } from "./pin.js";
import { currentWriter } from "./run-writer.js";
import { runIds } from "./runs-folder.js";
import { bytesOf, empty, moveToTrash, trashed } from "./trash.js";

/** How much of what was trained stays. */
export interface RetentionLimits {
  /** From 1. @default 200 */
  readonly maxRuns?: number;
  /** Of all runs together. @default 5e9 */
  readonly maxBytes?: number;
}

const dayMs = 24 * 3600 * 1000;
const trashDays = 7;
/** Of `maxBytes`; the oldest of what was deleted goes first. */
const trashShare = 0.2;
/** Counting the bytes of many runs takes a while. */
const everyMs = 60_000;

let lastMs = Number.NEGATIVE_INFINITY;

/** {@link retain} with its defaults, at most once a minute. */
export async function retainNowAndThen(runs: string): Promise<void> {
  if (performance.now() - lastMs < everyMs) return;
  lastMs = performance.now();
  await retain("fit", runs);
}

/**
 * Moves the oldest runs into the trash until the rest is within `limits`; never the newest run, a pinned one or one that is being
 * trained. Empties the trash of what was deleted a week ago, or is more than a fifth of `maxBytes`.
 *
 * @returns The ids of the runs that it moved.
 * @throws OptionError if a limit is out of range.
 */
export async function retain(where: string, runs: string, limits: RetentionLimits = {}): Promise<string[]> {
  const maxRuns = checkNumber(where, "maxRuns", limits.maxRuns ?? 200, { integer: true, atLeast: 1 });
  const maxBytes = checkNumber(where, "maxBytes", limits.maxBytes ?? 5e9, { atLeast: 0 });
  const ids = runIds(runs);
  const sizes = await Promise.all(ids.map((id) => bytesOf(join(runs, id))));
  let [count, bytes] = [ids.length, sizes.reduce((sum, size) => sum + size, 0)];
  const moved: string[] = [];
  for (const [i, id] of ids.slice(0, -1).entries()) {
    if (count <= maxRuns && bytes <= maxBytes) break;
    const folder = join(runs, id);
    if (isPinned(folder) || currentWriter(folder) !== null) continue;
    await moveToTrash(folder);
    moved.push(id);
    count--;
    bytes -= sizes[i]!;
  }
  await emptyOld(runs, trashShare * maxBytes);
  return moved;
}

async function emptyOld(runs: string, maxBytes: number): Promise<void> {
  const items = await trashed(runs);
  const sizes = await Promise.all(items.map(({ path }) => bytesOf(path)));
  let bytes = sizes.reduce((sum, size) => sum + size, 0);
  for (const [i, item] of items.entries()) {
    if (bytes <= maxBytes && Date.now() - item.deletedMs < trashDays * dayMs) break;
    await empty([item]);
    bytes -= sizes[i]!;
  }
}
