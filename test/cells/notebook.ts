import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";

interface Facts {
  readonly awaits: boolean;
  readonly declares: Readonly<Record<string, string>>;
  readonly free: readonly string[];
}

export type Answer =
  | ({ readonly kind: "value"; readonly text: string; readonly inspected: string } & Facts)
  | ({ readonly kind: "nothing" } & Facts)
  | {
      readonly kind: "error";
      readonly name: string;
      readonly message: string;
      readonly excerpt?: string;
      /** Script, line and column of each frame, in the user's text. */
      readonly places: readonly (readonly [string, number, number])[];
    };

const program = fileURLToPath(new URL("session-process.mjs", import.meta.url));

/** A notebook in a folder of its own, run by the built compiler in a process of its own. */
export class Notebook {
  readonly folder = mkdtempSync(join(tmpdir(), "etude-test-"));
  private readonly process: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;

  constructor() {
    this.process = spawn(process.execPath, [program, this.folder], { stdio: ["pipe", "pipe", "inherit"] });
    this.reader = createInterface({ input: this.process.stdout! });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  async run(cell: string): Promise<Answer> {
    this.process.stdin!.write(`${JSON.stringify(cell)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the process ended at ${JSON.stringify(cell)}`);
    return JSON.parse(value);
  }

  /** Runs cells one after the other; what came of the last one, in short: its value, or `Name: message`. */
  async last(cells: readonly string[]): Promise<string | null> {
    let answer: Answer | undefined;
    for (const cell of cells) answer = await this.run(cell);
    if (answer?.kind === "error") return `${answer.name}: ${answer.message}`;
    return answer?.kind === "value" ? answer.inspected.replace(/^'(.*)'$/s, "$1") : null;
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL"); // a cell that does not end must not keep the tests from ending
    await ended;
    this.reader.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
