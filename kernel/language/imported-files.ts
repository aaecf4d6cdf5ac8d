import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { packageName } from "./text.js";

export interface FileChange {
  readonly path: string;
  readonly created: boolean;
}

const specifiers = /\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']/g;
/** The endings that a local specifier may leave out. */
const endings = ["", ".ts", ".tsx", ".js", ".d.ts", ".json", "/index.ts"];

/**
 * The files on disk that cells import, directly or through local files. They are looked at when a cell is checked, not
 * watched, so that an edit counts at once, however soon the cell runs after it, and no folder is ever crawled.
 */
export class ImportedFiles {
  /** Path to time of last change in ms; 0 where a file could be but is not. */
  readonly #seen = new Map<string, number>();

  constructor(readonly folder: string) {}

  /** What changed on disk since the last call, after taking in what `code` imports. */
  changesBefore(code: string): FileChange[] {
    this.#follow(code, this.folder);
    const changes: FileChange[] = [];
    for (const [path, before] of this.#seen) {
      const now = changeTime(path);
      if (now === before) continue;
      this.#seen.set(path, now);
      changes.push({ path, created: before === 0 });
      if (now > 0) this.#follow(readSource(path), dirname(path));
    }
    return changes;
  }

  #follow(source: string, from: string): void {
    for (const [, specifier] of source.matchAll(specifiers)) {
      for (const path of candidates(specifier!, from, this.folder)) {
        if (this.#seen.has(path)) continue;
        const time = changeTime(path);
        this.#seen.set(path, time);
        if (time > 0) this.#follow(readSource(path), dirname(path));
      }
    }
  }
}

/** A local specifier may be one of several files; of a package only its arrival matters. */
function candidates(specifier: string, from: string, folder: string): string[] {
  if (/^\.{0,2}\//.test(specifier)) {
    const path = resolve(from, specifier);
    return [...endings.map((ending) => path + ending), path.replace(/\.js$/, ".ts")];
  }
  const name = packageName(specifier);
  if (name === undefined) return [];
  const types = `@types/${name.replace(/^@/, "").replace("/", "__")}`;
  return [name, types].map((each) => join(folder, "node_modules", each, "package.json"));
}

/** 0 where there is no file, or none that we may read. */
function changeTime(path: string): number {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? stats.mtimeMs : 0;
  } catch {
    return 0;
  }
}

/** Only sources lead to further files; data may be large. */
function readSource(path: string): string {
  try {
    return /\.[cm]?[jt]sx?$/.test(path) ? readFileSync(path, "utf8") : "";
  } catch {
    return ""; // it went away since we looked: the next look sees that
  }
}
