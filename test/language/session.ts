import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "../../kernel/language/diagnostics.js";
import { Language } from "../../kernel/language/language.js";

export const libraryTypes = fileURLToPath(new URL("fixtures/library/index.d.ts", import.meta.url));

/** A notebook folder of its own with TypeScript at work in it. */
export class Session {
  readonly folder = mkdtempSync(join(tmpdir(), "etude-language-"));
  readonly language = new Language({ folder: this.folder, libraryTypes, patience: 1000 });
  #nCells = 0;

  constructor() {
    this.language.start();
  }

  /** Checks a cell and then treats it as run; gives each diagnostic as `code line:column message`. */
  async run(code: string): Promise<string[]> {
    const cell = { id: `cell-${this.#nCells++}`, code, name: `Cell[${this.#nCells}]` };
    const diagnostics = await this.language.check(cell);
    this.language.commit(cell);
    return diagnostics.map(line);
  }

  /** The texts of the matches at the end of `code`. */
  async complete(code: string, cursor = code.length): Promise<string[] | undefined> {
    const completion = await this.language.complete(code, cursor);
    return completion?.matches.map(({ text }) => text);
  }

  async inspect(code: string, cursor = code.length): Promise<string | undefined> {
    return (await this.language.inspect(code, cursor, 0))?.plain;
  }

  async end(): Promise<void> {
    await this.language.dispose();
    rmSync(this.folder, { recursive: true });
  }
}

function line({ code, line, column, message }: Diagnostic): string {
  return `${code} ${line}:${column} ${message}`;
}

/** The process ids of the TypeScript servers at work in `folder`. */
export async function serversIn(folder: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await servesIn(pid, folder)) ? [pid] : [])));
  return found.flat();
}

async function servesIn(pid: number, folder: string): Promise<boolean> {
  try {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
    return command.includes("--lsp") && (await readlink(`/proc/${pid}/cwd`)) === folder;
  } catch {
    return false; // it ended while we looked, or is not ours to look at
  }
}
