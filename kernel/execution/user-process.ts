import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { encodeFrame, type Frame, FrameReader } from "../pipe/frame.js";
import { type FromUser, memoryPrefix, stopRecord, type ToUser } from "../pipe/messages.js";
import { capture, pendingReads } from "./captured-stream.js";
import { explainExit } from "./explain-exit.js";
import type { StreamName } from "./output-queue.js";

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
 * One thread of V8's own, which compiles and collects in the background. With several, `pthread_cond_signal` of glibc before
 * 2.41 may leave the main thread in native code for ever (https://sourceware.org/bugzilla/show_bug.cgi?id=25847): seen as a
 * Stop that nothing answered, on a loaded machine. JavaScript that allocates all the time pays about 5 %.
 */
const oneBackgroundThread = process.platform === "linux" ? ["--v8-pool-size=1"] : [];
/** Node reads a pipe in pieces of at most this size. */
const fullRead = 64 * 1024;
const hasGroups = process.platform !== "win32";

/**
 * Signals the user process and the programs that it started. It leads a process group, so that they end with it, and a
 * signal to the kernel's group (Ctrl-C in a terminal) reaches the supervisor alone, which turns it into a stop.
 */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(hasGroups ? -child.pid : child.pid, signal);
  } catch (error) {
    // Nobody of the group is left; macOS says EPERM then.
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

/** The process that runs the user's cells. When it dies, `start` makes a fresh one. */
export class UserProcess {
  private child: ChildProcess | undefined;
  private lastMemory = 0;
  private lastWords = "";
  private stopped = false;
  private framesSent = 0;
  private sources: readonly Readable[] = [];
  private holds = 0;
  private whenFree: Promise<void> | undefined;
  private onFree: () => void = () => {};

  constructor(
    private readonly options: UserProcessOptions,
    private readonly events: UserProcessEvents,
  ) {}

  /** False before `start`, and after it ended. */
  get isRunning(): boolean {
    return this.child !== undefined;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const child = spawn(
      process.execPath,
      ["--no-force-async-hooks-checks", ...oneBackgroundThread, ...process.execArgv, this.options.program],
      { cwd: this.options.folder, stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"], detached: hasGroups },
    );
    this.child = child;
    this.lastWords = "";
    this.stopped = false;
    this.framesSent = 0;
    const [, stdout, stderr, output, , interrupts] = child.stdio as unknown as [
      null,
      Readable,
      Readable,
      Readable,
      Duplex,
      Duplex,
    ];
    this.sources = [stdout, stderr, output];
    const frames = new FrameReader<FromUser>((frame) => this.events.onFrame(frame));
    output.on("data", (chunk: Buffer) => {
      frames.push(chunk);
      // libuv would read on without a turn for the sockets as long as there is more.
      if (chunk.length >= fullRead) this.hold(new Promise(setImmediate));
    });
    interrupts.on("data", (chunk: Buffer) => this.noteMemory(chunk.toString("latin1")));
    for (const pipe of child.stdio) pipe?.on("error", () => pipe.destroy());
    capture(stdout, (text) => this.events.onText("stdout", text));
    capture(stderr, (text) => {
      this.lastWords = (this.lastWords + text).slice(-4096);
      this.events.onText("stderr", text);
    });
    const outputEnd = new Promise<void>((resolve) => output.once("close", resolve));
    child.on("exit", async (code, signal) => {
      signalGroup(child, "SIGKILL");
      await outputEnd;
      // Not until descriptors 1 and 2 are closed: its own children may hold them open for as long as they like.
      await pendingReads();
      if (this.child !== child) return;
      this.child = undefined;
      const { stopped, lastWords, lastMemory: memory } = this;
      this.events.onExit(explainExit({ code, signal, stopped, lastWords, memory }));
    });
  }

  /** Settles when its output is read again; undefined while it is. */
  get held(): Promise<void> | undefined {
    return this.whenFree;
  }

  /** Reads nothing of what it says until then; when its pipes are full, it waits as well. */
  hold(until: Promise<unknown>): void {
    if (this.holds++ === 0) {
      this.whenFree = new Promise((resolve) => {
        this.onFree = resolve;
      });
      for (const source of this.sources) source.pause();
    }
    void until.then(() => {
      if (--this.holds > 0) return;
      for (const source of this.sources) source.resume();
      this.whenFree = undefined;
      this.onFree();
    });
  }

  send(message: ToUser, buffers?: readonly Uint8Array[]): void {
    const pipe = this.pipe(4);
    this.framesSent++;
    pipe.cork();
    for (const piece of encodeFrame(message, buffers)) pipe.write(piece);
    pipe.uncork();
  }

  /**
   * Asks the interrupt thread of the user process to stop what runs.
   * @param children - Whether the programs that it started get SIGINT, as from Ctrl-C in a terminal.
   */
  stop(children: boolean): void {
    this.pipe(5).write(stopRecord(children, this.framesSent));
  }

  /** Ends it at once; `onExit` tells when it is gone. */
  kill(): void {
    this.stopped = true;
    if (this.child) signalGroup(this.child, "SIGKILL");
  }

  /** Ends it for good, without a word. */
  dispose(): void {
    const child = this.child;
    this.child = undefined;
    if (child) signalGroup(child, "SIGKILL");
  }

  private pipe(index: 4 | 5): Duplex {
    return (this.child!.stdio as unknown as Duplex[])[index]!;
  }

  private noteMemory(text: string): void {
    const at = text.lastIndexOf(memoryPrefix);
    if (at >= 0) this.lastMemory = Number.parseInt(text.slice(at + memoryPrefix.length), 10) || this.lastMemory;
  }
}
