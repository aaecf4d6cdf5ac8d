import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { stopCells } from "../../src/core/stop.js";
import { memoryPrefix, stopByte } from "../pipe/messages.js";
import { endWithChildren } from "./end-with-children.js";
import { stopState } from "./interrupts.js";

// The thread that hears Stop while the main thread is busy. It gives the event loop a moment to take the stop, and our
// own loops (fit, search) longer, since they end by themselves with their results; then it terminates what runs. While
// no cell runs, that is most likely the kernel itself as it takes the next request, which must not be lost.
const graceMs = 2;
const loopGraceMs = 1500;
const idleGraceMs = 500;
const memoryEveryMs = 1000;
const interruptFd = 5;

const memory: Int32Array = workerData;

const pipe = new Socket({ fd: interruptFd });
pipe.on("data", (bytes) => {
  for (const byte of bytes) if (byte === stopByte) stop();
});
// The supervisor is gone: end the whole process, also when the main thread is busy for ever.
pipe.on("close", endWithChildren);
setInterval(() => pipe.write(`${memoryPrefix}${process.memoryUsage.rss()}\n`), memoryEveryMs);

function stop(): void {
  Atomics.store(memory, stopCells.state, stopState.waiting);
  Atomics.add(memory, stopCells.requests, 1);
  parentPort!.postMessage("stop");
  setTimeout(check, graceMs, Date.now());
}

function check(since: number): void {
  const { waiting, terminating, terminated } = stopState;
  if (Atomics.load(memory, stopCells.state) !== waiting) return;
  if (Atomics.load(memory, stopCells.loading) > 0 || Date.now() - since < patience()) {
    setTimeout(check, graceMs, since);
    return;
  }
  if (Atomics.compareExchange(memory, stopCells.state, waiting, terminating) !== waiting) return;
  // Connected only now: a session that stays open makes Node wait for "the debugger" when the process ends.
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => {
    session.disconnect();
    Atomics.store(memory, stopCells.state, terminated);
    Atomics.notify(memory, stopCells.state);
    parentPort!.postMessage("terminated");
  });
}

function patience(): number {
  if (Atomics.load(memory, stopCells.loops) > 0) return loopGraceMs;
  return Atomics.load(memory, stopCells.cell) > 0 ? 0 : idleGraceMs;
}
