import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const pinName = "pinned";

/** Whether a run stays until somebody deletes it. */
export function isPinned(folder: string): boolean {
  return existsSync(join(folder, pinName));
}

export function setPinned(folder: string, pinned: boolean): void {
  if (pinned) writeFileSync(join(folder, pinName), "");
  else rmSync(join(folder, pinName), { force: true });
}
