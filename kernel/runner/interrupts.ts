import { Worker } from "node:worker_threads";
import { bindStopFlag, stopCells } from "../../src/core/stop.js";
import { cellCount, guard, stopState, threadCells } from "./stop-state.js";

/**
 * The main thread's side of Stop. A thread of its own hears the request; this side acknowledges it when the event loop
 * turns, and when that does not happen in time the thread terminates the JavaScript that runs.
 */
class Interrupts {
  private readonly memory = new Int32Array(new SharedArrayBuffer(4 * cellCount));
  private onStop: (stops: number, cooperative: boolean) => void = () => {};
  private afterStop: () => void = () => {};
  /** How many hold the guard: work that is done in one turn of the event loop, and work that takes several. */
  private readonly held = { turn: 0, turns: 0 };
  /** Grows with every stop; an await that began in an earlier generation does not go on. */
  generation = 0;

  /**
   * Starts the interrupt thread.
   * @param onStop - Gets how many stops there were so far, and whether loops of ours will end by themselves.
   * @param afterStop - Called when a stop has taken effect, and when what it terminated has been: V8 dropped the microtasks
   * that waited, also those of `onStop`.
   */
  start(onStop: (stops: number, cooperative: boolean) => void, afterStop: () => void): void {
    bindStopFlag(this.memory);
    this.onStop = onStop;
    this.afterStop = afterStop;
    const thread = new Worker(new URL("./interrupt-thread.js", import.meta.url), { workerData: this.memory });
    thread.on("message", (message: "stop" | "terminated") => this.receive(message));
    thread.unref();
  }

  /** Loops of ours that end by themselves when they see the stop. */
  get cooperativeLoops(): number {
    return Atomics.load(this.memory, stopCells.loops);
  }

  /** Stops so far. */
  get requests(): number {
    return Atomics.load(this.memory, stopCells.requests);
  }

  private get taken(): number {
    return Atomics.load(this.memory, threadCells.taken);
  }

  /** A stop has come and has not taken effect yet. */
  get isPending(): boolean {
    return this.requests !== this.taken;
  }

  /** @param options.alone - Nothing else runs, no loop of ours either. */
  cellBegins({ alone }: { readonly alone: boolean }): void {
    Atomics.store(this.memory, stopCells.beforeCell, this.requests);
    if (!alone) return;
    Atomics.store(this.memory, threadCells.begunAt, Math.floor(process.uptime() * 1000));
    // A loop whose frames were terminated could not sign off.
    Atomics.store(this.memory, stopCells.loops, 0);
  }

  /** A frame of the supervisor has been taken in. */
  frameReceived(): void {
    Atomics.add(this.memory, threadCells.framesReceived, 1);
  }

  /** Runs work of the kernel itself, which must not be cut off in the middle: a stop waits until it is done. */
  protect<Result>(work: () => Result): Result {
    this.hold("turn");
    try {
      return work();
    } finally {
      this.release("turn");
    }
  }

  /** Like {@link protect}, for work that takes several turns of the event loop; no cell may begin meanwhile. */
  async protectAsync<Result>(work: () => Promise<Result>): Promise<Result> {
    this.hold("turns");
    try {
      return await work();
    } finally {
      this.release("turns");
    }
  }

  private hold(kind: "turn" | "turns"): void {
    const { memory } = this;
    if (this.isHolding) {
      this.held[kind]++;
      return;
    }
    // A program that prints all the time would hold the guard nearly always.
    if (Atomics.load(memory, threadCells.wanted) === 1) Atomics.wait(memory, threadCells.wanted, 1, 100);
    // What runs here is about to be terminated: this very loop is.
    while (Atomics.compareExchange(memory, threadCells.guard, guard.free, guard.held) !== guard.free);
    this.held[kind]++;
  }

  private release(kind: "turn" | "turns"): void {
    this.held[kind] = Math.max(0, this.held[kind] - 1);
    if (!this.isHolding) Atomics.store(this.memory, threadCells.guard, guard.free);
  }

  private get isHolding(): boolean {
    return this.held.turn + this.held.turns > 0;
  }

  /** What was cut off in spite of the guard could not release it; work of several turns goes on, under the guard again. */
  private holdAgain(): void {
    this.held.turn = 0;
    if (this.isHolding) Atomics.compareExchange(this.memory, threadCells.guard, guard.free, guard.held);
  }

  /** Called after a stop, and once more when a termination is over: that one acts if the first was terminated itself. */
  private receive(message: "stop" | "terminated"): void {
    if (message === "terminated") this.holdAgain();
    for (;;) {
      const state = this.acknowledge();
      // Read after that: a stop that is not counted here finds its way of its own.
      const { requests } = this;
      if (requests === this.taken) break;
      const isCalm = state === stopState.waiting || state === stopState.acknowledged;
      const cooperative = isCalm && Atomics.load(this.memory, threadCells.cooperative) === 1;
      if (!cooperative) this.generation++;
      this.onStop(requests, cooperative);
      Atomics.store(this.memory, threadCells.taken, requests);
    }
    this.afterStop();
  }

  /** Takes the stop, so that the thread terminates nothing for it from now on. Returns how far it had come. */
  private acknowledge(): number {
    const { waiting, acknowledged, terminating, terminated } = stopState;
    for (;;) {
      const state = Atomics.load(this.memory, threadCells.state);
      // The thread is about to terminate what runs here, and that is now this loop: let it, and be called again.
      if (state === terminating) continue;
      if (state !== waiting && state !== terminated) return state;
      if (Atomics.compareExchange(this.memory, threadCells.state, state, acknowledged) === state) return state;
    }
  }
}

/** Of this process, which has one main thread. */
export const interrupts = new Interrupts();
