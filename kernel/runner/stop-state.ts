import { stopCells } from "../../src/core/stop.js";

/** How far a stop has come; one side moves it on from `waiting`, and only one side can. */
export const stopState = { waiting: 0, acknowledged: 1, terminating: 2, terminated: 3 } as const;

const firstOwn = Object.keys(stopCells).length;
/** The cells of the shared memory that only the two threads here know. */
export const guardCells = {
  /** Who has it: one of {@link guard}. */
  guard: firstOwn,
  /** The interrupt thread waits for the guard, and comes first. */
  wanted: firstOwn + 1,
} as const;

/** The main thread holds the guard during work of the kernel; the interrupt thread takes it before it terminates. */
export const guard = { free: 0, held: 1, terminating: 2 } as const;

export const cellCount = firstOwn + Object.keys(guardCells).length;
