import { stopCells } from "../../src/core/stop.js";

const first = Object.keys(stopCells).length;

/** The cells of the memory that the main thread and the interrupt thread share, behind those that loops look at. */
export const threadCells = {
  /** How far the newest stop has come: one of {@link stopState}. */
  state: first,
  /** 1 if loops of ours ran when the newest stop came; they may have ended since, because of it. */
  cooperative: first + 1,
  /** Who has the guard: one of {@link guard}. */
  guard: first + 2,
  /** 1 while the interrupt thread waits for the guard: it comes first. */
  wanted: first + 3,
  /** When what runs began, in ms since the start of the process. */
  begunAt: first + 4,
  /** Frames of the supervisor that have arrived. */
  framesReceived: first + 5,
  /** Stops that have taken effect. */
  taken: first + 6,
} as const;

export const cellCount = first + Object.keys(threadCells).length;

/** One side moves a stop on from `waiting`, and only one side can. */
export const stopState = { none: 0, waiting: 1, acknowledged: 2, terminating: 3, terminated: 4 } as const;

/** The main thread holds the guard during work of the kernel; the interrupt thread takes it before it terminates. */
export const guard = { free: 0, held: 1, terminating: 2 } as const;
