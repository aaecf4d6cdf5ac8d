import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SpillFile } from "./spill-file.js";

const prefix = "etude-output-";
const keptMs = 7 * 24 * 3600 * 1000;
const maxFileBytes = 1e9;

/**
 * The files of long outputs, in a private folder among the temporary files. They outlive the kernel, since who looks
 * for them may have restarted it; a kernel that makes such a folder removes those that are a week old.
 */
export class SpillFolder {
  private folder: string | undefined;
  private readonly used = new Map<string, number>();

  /** @param cell - Its number, as the notebook shows it. */
  file(cell: number): SpillFile {
    const name = `cell-${cell}-output`;
    const count = (this.used.get(name) ?? 0) + 1;
    this.used.set(name, count);
    const path = () => join(this.made(), count === 1 ? `${name}.txt` : `${name}-${count}.txt`);
    return new SpillFile(path, maxFileBytes);
  }

  private made(): string {
    if (this.folder === undefined) {
      removeOld();
      this.folder = mkdtempSync(join(tmpdir(), prefix));
    }
    return this.folder;
  }
}

function removeOld(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(tmpdir(), name);
    const { mtimeMs, uid } = statSync(folder);
    if (uid === process.getuid?.() && Date.now() - mtimeMs > keptMs) rmSync(folder, { recursive: true, force: true });
  }
}
