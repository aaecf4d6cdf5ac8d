import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { stopCells } from "../../src/core/stop.js";
import { memoryPrefix, stopByte, stopWithChildrenByte } from "../pipe/messages.js";
import { endGroup, signalGroup } from "./process-group.js";
import { guard, stopState, threadCells } from "./stop-state.js";

// The thread that hears Stop while the main thread is busy. It gives the event loop a moment to take the stop, and our
// own loops (fit, search) longer, since they end by themselves with their results; then it terminates what runs.
const graceMs = 2;
const loopGraceMs = 1500;
/** No work of the kernel takes so long: what holds the guard is a loop of the user beside it. */
const guardGraceMs = 3000;
const againAfterMs = 1000;
const memoryEveryMs = 1000;
const interruptFd = 5;

const memory: Int32Array = workerData;
const { waiting, terminating, terminated } = stopState;

const pipe = new Socket({ fd: interruptFd });
pipe.on("data", (bytes) => {
  for (const byte of bytes) {
    if (byte === stopByte) stop({ children: false });
    else if (byte === stopWithChildrenByte) stop({ children: true });
  }
});
// The supervisor is gone: end the whole process, also when the main thread is busy for ever.
pipe.on("close", endGroup);
setInterval(() => pipe.write(`${memoryPrefix}${process.memoryUsage.rss()}\n`), memoryEveryMs);

interface Stop {
  /** Programs that the user's code started stop as well. */
  readonly children: boolean;
  readonly cameAt: number;
  /** Until then nothing is terminated: a loop of ours ran when the stop came, and its result is still to be taken. */
  readonly patientUntil: number;
}

function stop({ children }: Pick<Stop, "children">): void {
  const hasLoops = Atomics.load(memory, stopCells.loops) > 0;
  Atomics.store(memory, threadCells.cooperative, Number(hasLoops));
  Atomics.store(memory, threadCells.state, waiting);
  Atomics.add(memory, stopCells.requests, 1);
  parentPort!.postMessage("stop");
  const cameAt = Date.now();
  setTimeout(check, graceMs, { children, cameAt, patientUntil: hasLoops ? cameAt + loopGraceMs : 0 } satisfies Stop);
}

function check(stop: Stop): void {
  if (Atomics.load(memory, threadCells.state) !== waiting) {
    setWanted(false);
    // Not before the stop has reached the main thread: the end of a program must not let its cell go on.
    if (stop.children && Date.now() >= stop.patientUntil) signalGroup("SIGINT");
    return;
  }
  const isForced = Date.now() > stop.cameAt + guardGraceMs;
  if (Date.now() < stop.patientUntil || !takeGuard(isForced)) {
    setTimeout(check, graceMs, stop);
    return;
  }
  if (Atomics.compareExchange(memory, threadCells.state, waiting, terminating) === waiting) terminate();
  else giveGuard();
  if (stop.children) interruptChildren();
}

/** Whether the main thread is at nothing that must not be cut off; until {@link giveGuard} it begins nothing of that kind. */
function takeGuard(isForced: boolean): boolean {
  const before = Atomics.compareExchange(memory, threadCells.guard, guard.free, guard.terminating);
  const isTaken = before === guard.free || isForced;
  if (isTaken) Atomics.store(memory, threadCells.guard, guard.terminating);
  setWanted(!isTaken);
  return isTaken;
}

function giveGuard(): void {
  Atomics.store(memory, threadCells.guard, guard.free);
  Atomics.notify(memory, threadCells.guard);
}

function setWanted(wanted: boolean): void {
  Atomics.store(memory, threadCells.wanted, Number(wanted));
  Atomics.notify(memory, threadCells.wanted);
}

function terminate(): void {
  // Connected only now: a session that stays open makes Node wait for "the debugger" when the process ends.
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => {
    session.disconnect();
    giveGuard();
    Atomics.store(memory, threadCells.state, terminated);
    Atomics.notify(memory, threadCells.state);
    parentPort!.postMessage("terminated");
  });
}

/** Again as long as the main thread waits in native code: the first time its program may not have been there yet. */
function interruptChildren(): void {
  signalGroup("SIGINT");
  const stops = Atomics.load(memory, stopCells.requests);
  setTimeout(() => {
    const isSame = Atomics.load(memory, stopCells.requests) === stops;
    if (isSame && Atomics.load(memory, threadCells.state) === terminating) interruptChildren();
  }, againAfterMs);
}
