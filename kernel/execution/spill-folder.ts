import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
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

  constructor(private readonly parent = tmpdir()) {}

  /** @param name - What the output is of, as a user knows it: `cell-12`. */
  file(name: string): SpillFile {
    const count = (this.used.get(name) ?? 0) + 1;
    this.used.set(name, count);
    const path = () => join(this.made(), `${name}-output${count === 1 ? "" : `-${count}`}.txt`);
    return new SpillFile(path, maxFileBytes);
  }

  private made(): string {
    if (this.folder === undefined || !existsSync(this.folder)) {
      this.removeOld();
      this.folder = mkdtempSync(join(this.parent, prefix));
    }
    return this.folder;
  }

  private removeOld(): void {
    for (const name of readdirSync(this.parent)) {
      if (!name.startsWith(prefix)) continue;
      const folder = join(this.parent, name);
      const { uid, mtimeMs = 0 } = statSync(folder, { throwIfNoEntry: false }) ?? {};
      if (uid === process.getuid?.() && mtimeMs < Date.now() - keptMs) rmSync(folder, { recursive: true, force: true });
    }
  }
}
