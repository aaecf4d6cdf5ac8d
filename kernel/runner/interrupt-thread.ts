import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { stopCells } from "../../src/core/stop.js";
import { memoryPrefix, stopByte, stopWithChildrenByte } from "../pipe/messages.js";
import { endGroup, signalGroup } from "./process-group.js";
import { guard, guardCells, stopState } from "./stop-state.js";

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
  /** Until then nothing is terminated: a loop of ours ran when the stop came, and its result is still to be taken. */
  readonly patientUntil: number;
  readonly cameAt: number;
}

function stop({ children }: Pick<Stop, "children">): void {
  const hasLoops = Atomics.load(memory, stopCells.loops) > 0;
  Atomics.store(memory, stopCells.state, stopState.waiting);
  Atomics.add(memory, stopCells.requests, 1);
  parentPort!.postMessage("stop");
  const cameAt = Date.now();
  setTimeout(check, graceMs, { children, cameAt, patientUntil: hasLoops ? cameAt + loopGraceMs : 0 } satisfies Stop);
}

function check(request: Stop): void {
  const { state } = stopCells;
  const { waiting, terminating } = stopState;
  if (Atomics.load(memory, state) !== waiting) {
    setWanted(false);
    // Not before the stop has reached the main thread: the end of a program must not let its cell go on.
    if (request.children && Date.now() >= request.patientUntil) signalGroup("SIGINT");
    return;
  }
  const isForced = Date.now() > request.cameAt + guardGraceMs;
  if (Date.now() < request.patientUntil || !takeGuard(isForced)) {
    setTimeout(check, graceMs, request);
    return;
  }
  if (Atomics.compareExchange(memory, state, waiting, terminating) === waiting) terminate();
  else giveGuard();
  if (request.children) interruptChildren();
}

/** Again as long as the main thread waits in native code: the first time its program may not have been there yet. */
function interruptChildren(): void {
  signalGroup("SIGINT");
  if (Atomics.load(memory, stopCells.state) === stopState.terminating) setTimeout(interruptChildren, againAfterMs);
}

/** Whether the main thread is at nothing that must not be cut off; until {@link giveGuard} it begins nothing of that kind. */
function takeGuard(isForced: boolean): boolean {
  const { free, terminating } = guard;
  const before = Atomics.compareExchange(memory, guardCells.guard, free, terminating);
  const isTaken = before === free || isForced;
  if (isTaken) Atomics.store(memory, guardCells.guard, terminating);
  setWanted(!isTaken);
  return isTaken;
}

function setWanted(wanted: boolean): void {
  Atomics.store(memory, guardCells.wanted, Number(wanted));
  Atomics.notify(memory, guardCells.wanted);
}

function giveGuard(): void {
  Atomics.store(memory, guardCells.guard, guard.free);
  Atomics.notify(memory, guardCells.guard);
}

function terminate(): void {
  // Connected only now: a session that stays open makes Node wait for "the debugger" when the process ends.
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => {
    session.disconnect();
    giveGuard();
    Atomics.store(memory, stopCells.state, stopState.terminated);
    Atomics.notify(memory, stopCells.state);
    parentPort!.postMessage("terminated");
  });
}
