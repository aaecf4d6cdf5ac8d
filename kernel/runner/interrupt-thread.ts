import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { stopCells } from "../../src/core/stop.js";
import { memoryPrefix, readStopRecord, stopRecordSize } from "../pipe/messages.js";
import { endGroup, interruptPrograms } from "./process-group.js";
import { guard, stopState, threadCells } from "./stop-state.js";

// The thread that hears Stop while the main thread is busy. It gives the event loop a moment to take the stop, and our
// own loops (fit, search) longer, since they end by themselves with their results; then it terminates what runs.
const graceMs = 2;
const loopGraceMs = 1500;
/** No work of the kernel takes so long: what holds the guard is a loop of the user beside it. */
const guardGraceMs = 3000;
/** A main thread that takes in nothing for so long is busy with code of the user that no cell waits for. */
const frameGraceMs = 500;
const blockedAfterMs = 20;
const againAfterMs = 1000;
/** Much longer than a turn of the event loop takes after a termination. */
const takenWithinMs = 100;
const memoryEveryMs = 1000;
const interruptFd = 5;

const memory: Int32Array = workerData;
const { waiting, acknowledged, terminating, terminated } = stopState;

const pipe = new Socket({ fd: interruptFd });
let unread = Buffer.alloc(0);
pipe.on("data", (bytes) => {
  unread = Buffer.concat([unread, bytes]);
  for (; unread.length >= stopRecordSize; unread = unread.subarray(stopRecordSize)) arrive(readStopRecord(unread));
});
// The supervisor is gone: end the whole process, also when the main thread is busy for ever.
pipe.on("close", endGroup);
setInterval(() => pipe.write(`${memoryPrefix}${process.memoryUsage.rss()}\n`), memoryEveryMs);

interface Stop {
  /** Programs that the running code started stop as well: those that began since. */
  readonly children: boolean;
  readonly since: number;
  readonly cameAt: number;
  /** The same in ms since the start of the process. */
  readonly cameAtUptime: number;
  /** Until then nothing is terminated: a loop of ours ran when the stop came, and its result is still to be taken. */
  readonly patientUntil: number;
}

/**
 * Takes in a stop. What the supervisor sent before it comes first: a termination while the main thread reads a frame would
 * lose the frame, and the stop is meant for the cell in it.
 */
function arrive(record: ReturnType<typeof readStopRecord>, cameAt = Date.now()): void {
  const isEarly = Atomics.load(memory, threadCells.framesReceived) >>> 0 < record.framesSent;
  if (isEarly && Date.now() - cameAt < frameGraceMs) setTimeout(arrive, graceMs, record, cameAt);
  else stop(record);
}

let newest: Stop | undefined;

function stop({ children }: Pick<Stop, "children">): void {
  const hasLoops = Atomics.load(memory, stopCells.loops) > 0;
  // Before the state is read: a main thread that takes an earlier stop just now counts it in, or has taken that one before.
  Atomics.add(memory, stopCells.requests, 1);
  const state = Atomics.load(memory, threadCells.state);
  // One on its way takes this one with it.
  const isNew = state !== waiting && state !== terminating;
  if (isNew) {
    Atomics.store(memory, threadCells.cooperative, Number(hasLoops));
    Atomics.store(memory, threadCells.state, waiting);
  }
  parentPort!.postMessage("stop");
  if (!isNew) return;
  const cameAt = Date.now();
  const since = Atomics.load(memory, threadCells.begunAt);
  const cameAtUptime = process.uptime() * 1000;
  newest = { children, since, cameAt, cameAtUptime, patientUntil: hasLoops ? cameAt + loopGraceMs : 0 };
  setTimeout(check, graceMs, newest);
}

function check(stop: Stop): void {
  if (stop !== newest) return;
  // It came while the main thread took the one before, and was taken with that: what runs by now is not meant.
  if (isTaken()) Atomics.compareExchange(memory, threadCells.state, waiting, acknowledged);
  if (Atomics.load(memory, threadCells.state) !== waiting) {
    setWanted(false);
    if (stop.children && Date.now() >= stop.patientUntil) interruptChildren(stop);
    return;
  }
  const isForced = Date.now() > stop.cameAt + guardGraceMs;
  if (Date.now() < stop.patientUntil || !takeGuard(isForced)) {
    setTimeout(check, graceMs, stop);
    return;
  }
  if (Atomics.compareExchange(memory, threadCells.state, waiting, terminating) === waiting) terminate(stop);
  else giveGuard();
  if (stop.children) interruptChildren(stop);
}

function isTaken(): boolean {
  return Atomics.load(memory, threadCells.taken) === Atomics.load(memory, stopCells.requests);
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

function terminate(stop: Stop): void {
  // Connected only now: a session that stays open makes Node wait for "the debugger" when the process ends.
  const session = new Session();
  session.connectToMainThread();
  let isOver = false;
  const request = () =>
    session.post("Runtime.terminateExecution", (error) => {
      // One is on its way already, or the session is closed.
      if (error || isOver) return;
      isOver = true;
      clearInterval(again);
      session.disconnect();
      giveGuard();
      Atomics.store(memory, threadCells.state, terminated);
      parentPort!.postMessage("terminated");
      setTimeout(checkTaken, takenWithinMs, stop);
    });
  const again = setInterval(request, againAfterMs);
  request();
}

/**
 * What was terminated is over, and the main thread takes the stop at its next turn. If it does not, the termination has ended
 * something else, or nothing (V8 takes one back when a call completes meanwhile): then the stop waits as it did before.
 */
function checkTaken(stop: Stop): void {
  if (stop !== newest || isTaken()) return;
  Atomics.store(memory, threadCells.cooperative, 0);
  if (Atomics.compareExchange(memory, threadCells.state, terminated, waiting) === terminated) check(stop);
}

/**
 * Not before the main thread has taken the stop, since the end of a program must not let its cell go on; unless the main
 * thread waits for that program in native code. Then again as long as it does: the program may not have been there yet.
 */
function interruptChildren(stop: Stop, waitMs = blockedAfterMs): void {
  const taken = isTaken();
  if (!taken && Date.now() - stop.cameAt < waitMs) {
    setTimeout(interruptChildren, graceMs, stop, waitMs);
    return;
  }
  // Taken, it is over: a program that began later is of a later cell.
  interruptPrograms(stop.since, taken ? stop.cameAtUptime : Number.POSITIVE_INFINITY);
  if (!taken && stop === newest) setTimeout(interruptChildren, graceMs, stop, waitMs + againAfterMs);
}
