import { Worker } from "node:worker_threads";
import { bindStopFlag, stopCells } from "../../src/core/stop.js";

/** How far a stop has come; one side moves it on from `waiting`, and only one side can. */
export const stopState = { waiting: 0, acknowledged: 1, terminating: 2, terminated: 3 } as const;

/**
 * The main thread's side of Stop. A thread of its own hears the request; this side acknowledges it when the event loop
 * turns, and when that does not happen in time the thread terminates the JavaScript that runs.
 */
export class Interrupts {
  private readonly memory = new Int32Array(new SharedArrayBuffer(4 * Object.keys(stopCells).length));
  /** Grows with every stop; an await that began in an earlier generation does not go on. */
  generation = 0;

  /** @param onStop - Gets how many stops there were so far, and whether loops of ours will end by themselves. */
  constructor(private readonly onStop: (stops: number, cooperative: boolean) => void) {
    bindStopFlag(this.memory);
  }

  /** Starts the interrupt thread. */
  start(): void {
    const thread = new Worker(new URL("./interrupt-thread.js", import.meta.url), { workerData: this.memory });
    thread.on("message", () => this.receive());
    thread.unref();
  }

  /** Loops of ours that end by themselves when they see the stop. */
  get cooperativeLoops(): number {
    return Atomics.load(this.memory, stopCells.loops);
  }

  cellBegins(): void {
    Atomics.store(this.memory, stopCells.beforeCell, Atomics.load(this.memory, stopCells.requests));
    // A loop whose frames were terminated could not sign off.
    Atomics.store(this.memory, stopCells.loops, 0);
    Atomics.store(this.memory, stopCells.cell, 1);
  }

  cellEnds(): void {
    Atomics.store(this.memory, stopCells.cell, 0);
  }

  /** Called after a stop, and once more when a termination is over; the second call finds nothing left to do. */
  private receive(): void {
    const { waiting, acknowledged, terminating } = stopState;
    const state = Atomics.compareExchange(this.memory, stopCells.state, waiting, acknowledged);
    // The thread is about to terminate what runs here, and that is now this function: let it, and be called again.
    if (state === terminating) Atomics.wait(this.memory, stopCells.state, terminating, 1000);
    const cooperative = state === waiting && this.cooperativeLoops > 0;
    if (!cooperative) this.generation++;
    this.onStop(Atomics.load(this.memory, stopCells.requests), cooperative);
  }
}
