import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { End } from "./end-of.js";

/** A text that takes longer to read than this is nothing that somebody types into a console. */
const patienceMs = 1000;
const program = fileURLToPath(new URL("./end-process.js", import.meta.url));

interface Question {
  readonly id: number;
  readonly timer: NodeJS.Timeout;
  settle(end: End | undefined): void;
}

/**
 * Says where a cell ends, as `endOf` does, in a process of its own. The parser is native code: some texts (thousands of
 * open brackets) end its process, and some keep it busy for minutes; neither may happen to the kernel.
 */
export class EndReader {
  private child: ChildProcess | undefined;
  private waiting: Question[] = [];
  private lastId = 0;

  constructor() {
    process.once("exit", () => this.child?.kill("SIGKILL"));
  }

  /** Undefined if the parser failed on the text or needs too long for it. */
  endOf(code: string): Promise<End | undefined> {
    this.child ??= this.start();
    const { child } = this;
    return new Promise((settle) => {
      const id = ++this.lastId;
      const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      this.waiting.push({ id, timer, settle });
      child.send({ id, code }, () => {}); // a process that is gone tells so by "exit"
    });
  }

  private start(): ChildProcess {
    const child = fork(program, { stdio: "ignore", detached: process.platform !== "win32" });
    child.on("message", ({ id, end }: { id: number; end: End }) => this.settle(id, end));
    for (const end of ["exit", "error"]) child.once(end, () => this.lose(child));
    child.unref();
    child.channel?.unref();
    return child;
  }

  private lose(child: ChildProcess): void {
    if (this.child === child) this.child = undefined;
    for (const { id } of this.waiting) this.settle(id, undefined);
  }

  private settle(id: number, end: End | undefined): void {
    const question = this.waiting.find((one) => one.id === id);
    this.waiting = this.waiting.filter((one) => one !== question);
    clearTimeout(question?.timer);
    question?.settle(end);
  }
}
