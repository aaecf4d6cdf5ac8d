import { checkOptions, rate, steps } from "./check-options.js";
import { type Schedule, scheduleOf } from "./schedule.js";

export interface CosineOptions {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  /** What is left at the end, as a share of `initialLearningRate`, from 0 to 1. @default 0 */
  readonly alpha?: number;
}

export interface CosineRestartsOptions {
  readonly initialLearningRate: number;
  /** Length of the first period. */
  readonly firstDecaySteps: number;
  /** How much longer each period is than the one before. @default 2 */
  readonly tMul?: number;
  /** Height of each period beside the one before. @default 1 */
  readonly mMul?: number;
  /** What is left at the end of a period, as a share of `initialLearningRate`, from 0 to 1. @default 0 */
  readonly alpha?: number;
}

const share = { atLeast: 0, atMost: 1 };

/**
 * Half a wave of the cosine from `initialLearningRate` down to `alpha * initialLearningRate`, where it stays: the
 * `CosineDecay` of Keras (Loshchilov & Hutter, ICLR 2017). Put {@link warmUp} before it to begin low.
 */
export function cosine(options: CosineOptions): Schedule {
  const kinds = { initialLearningRate: rate, decaySteps: steps, alpha: share };
  const { initialLearningRate, decaySteps, alpha } = checkOptions("cosine", options, kinds, { alpha: 0 });
  return scheduleOf("cosine", options, Math.ceil(1.1 * decaySteps), (step) => {
    return initialLearningRate * ((1 - alpha) * halfWave(Math.min(step, decaySteps) / decaySteps) + alpha);
  });
}

/** {@link cosine} again and again, the `CosineDecayRestarts` of Keras. */
export function cosineRestarts(options: CosineRestartsOptions): Schedule {
  const kinds = {
    initialLearningRate: rate,
    firstDecaySteps: steps,
    tMul: { atLeast: 1 },
    mMul: { above: 0 },
    alpha: share,
  };
  const all = checkOptions("cosineRestarts", options, kinds, { tMul: 2, mMul: 1, alpha: 0 });
  const { initialLearningRate, firstDecaySteps, tMul, mMul, alpha } = all;
  const course = Math.ceil(firstDecaySteps * (1 + tMul + tMul ** 2));
  return scheduleOf("cosineRestarts", options, course, (step) => {
    const { period, done } = periodOf(step / firstDecaySteps, tMul);
    return initialLearningRate * ((1 - alpha) * mMul ** period * halfWave(done) + alpha);
  });
}

/** The period that a time lies in, and which share of it is over; time counts in first periods. */
function periodOf(time: number, tMul: number): { period: number; done: number } {
  if (tMul === 1) return { period: Math.floor(time), done: time % 1 };
  let [period, start, length] = [0, 0, 1];
  while (time >= start + length) {
    start += length;
    length *= tMul;
    period++;
  }
  return { period, done: (time - start) / length };
}

/** From 1 down to 0. */
function halfWave(done: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * done));
}
