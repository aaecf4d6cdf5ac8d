import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { encodeFrame, type Frame, FrameReader } from "../pipe/frame.js";
import { type FromUser, memoryPrefix, stopByte, type ToUser } from "../pipe/messages.js";
import { capture, pendingReads } from "./captured-stream.js";
import { explainExit } from "./explain-exit.js";
import type { StreamName } from "./output-shaper.js";

export interface UserProcessOptions {
  /** The program of the user process: dist/kernel/runner/main.js. */
  readonly program: string;
  /** The notebook's folder. */
  readonly folder: string;
}

export interface UserProcessEvents {
  onFrame(frame: Frame<FromUser>): void;
  /** Text that did not come through the pipe: native logs, child processes. */
  onText(name: StreamName, text: string): void;
  /** It ended by itself; `why` says the cause in a sentence. */
  onExit(why: string): void;
}

/**
 * The user process leads a process group: what it started ends with it, and a signal to the kernel's group (Ctrl-C in a
 * terminal) reaches the supervisor alone, which turns it into a stop.
 */
const leadsGroup = process.platform !== "win32";

/** The process that runs the user's cells. When it dies, `start` makes a fresh one. */
export class UserProcess {
  private child: ChildProcess | undefined;
  private lastMemory = 0;
  private lastWords = "";
  private stopped = false;

  constructor(
    private readonly options: UserProcessOptions,
    private readonly events: UserProcessEvents,
  ) {}

  /** False before `start`, and after it ended. */
  get isRunning(): boolean {
    return this.child !== undefined;
  }

  start(): void {
    const child = spawn(
      process.execPath,
      ["--no-force-async-hooks-checks", ...process.execArgv, this.options.program],
      { cwd: this.options.folder, stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"], detached: leadsGroup },
    );
    this.child = child;
    this.lastWords = "";
    this.stopped = false;
    const [, stdout, stderr, output, , interrupts] = child.stdio as unknown as [
      null,
      Readable,
      Readable,
      Readable,
      Duplex,
      Duplex,
    ];
    const frames = new FrameReader<FromUser>((frame) => this.events.onFrame(frame));
    output.on("data", (chunk: Buffer) => frames.push(chunk));
    interrupts.on("data", (chunk: Buffer) => this.noteMemory(chunk.toString("latin1")));
    for (const pipe of child.stdio) pipe?.on("error", () => pipe.destroy());
    capture(stdout, (text) => this.events.onText("stdout", text));
    capture(stderr, (text) => {
      this.lastWords = (this.lastWords + text).slice(-4096);
      this.events.onText("stderr", text);
    });
    const outputEnd = new Promise<void>((resolve) => output.once("close", resolve));
    child.on("exit", async (code, signal) => {
      endAll(child);
      await outputEnd;
      // Not until descriptors 1 and 2 are closed: its own children may hold them open for as long as they like.
      await pendingReads();
      if (this.child !== child) return;
      this.child = undefined;
      const { stopped, lastWords, lastMemory: memory } = this;
      this.events.onExit(explainExit({ code, signal, stopped, lastWords, memory }));
    });
  }

  send(message: ToUser): void {
    this.pipe(4).write(encodeFrame(message));
  }

  /** Asks the interrupt thread of the user process to stop what runs. */
  stop(): void {
    this.pipe(5).write(Buffer.of(stopByte));
  }

  /** Ends it at once; `onExit` tells when it is gone. */
  kill(): void {
    this.stopped = true;
    if (this.child) endAll(this.child);
  }

  /** Ends it for good, without a word. */
  dispose(): void {
    const child = this.child;
    this.child = undefined;
    if (child) endAll(child);
  }

  private pipe(index: 4 | 5): Duplex {
    return (this.child!.stdio as unknown as Duplex[])[index]!;
  }

  private noteMemory(text: string): void {
    const at = text.lastIndexOf(memoryPrefix);
    if (at >= 0) this.lastMemory = Number.parseInt(text.slice(at + memoryPrefix.length), 10) || this.lastMemory;
  }
}

/** Ends the user process and what it started. */
function endAll(child: ChildProcess): void {
  if (!leadsGroup || child.pid === undefined) {
    child.kill("SIGKILL");
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // All of it has ended already; macOS says EPERM then.
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
