import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import type { Schedule } from "../../src/optimizers/schedules/schedule.js";
import { schedules } from "../../src/optimizers/schedules/schedules.js";

// The Python script beside the file made it, and says with which versions.
const { rates }: { rates: Record<string, number[]> } = JSON.parse(
  readFileSync(new URL("../reference/optimizers/fixtures/schedules.json", import.meta.url), "utf8"),
);

const initialLearningRate = 0.1;
const decay = { initialLearningRate, decaySteps: 30, decayRate: 0.5 };
const makers: Record<string, () => Schedule> = {
  piecewise: () => schedules.piecewise({ boundaries: [20, 50], values: [0.1, 0.05, 0.01] }),
  exponential: () => schedules.exponential(decay),
  "exponential staircase": () => schedules.exponential({ ...decay, staircase: true }),
  inverseTime: () => schedules.inverseTime(decay),
  "inverseTime staircase": () => schedules.inverseTime({ ...decay, staircase: true }),
  polynomial: () => schedules.polynomial({ initialLearningRate, decaySteps: 50 }),
  "polynomial of power 2": () =>
    schedules.polynomial({ initialLearningRate, decaySteps: 50, endLearningRate: 0.01, power: 2 }),
  "polynomial cycle": () =>
    schedules.polynomial({ initialLearningRate, decaySteps: 25, endLearningRate: 0.01, power: 0.5, cycle: true }),
  cosine: () => schedules.cosine({ initialLearningRate, decaySteps: 80 }),
  "cosine with alpha": () => schedules.cosine({ initialLearningRate, decaySteps: 80, alpha: 0.1 }),
  "cosine after warm-up": () => {
    const schedule = schedules.cosine({ initialLearningRate: 0.2, decaySteps: 80, alpha: 0.1 });
    return schedules.warmUp({ steps: 25, from: 0.01, schedule });
  },
  cosineRestarts: () => schedules.cosineRestarts({ initialLearningRate, firstDecaySteps: 16 }),
  "cosineRestarts of one length": () =>
    schedules.cosineRestarts({ initialLearningRate, firstDecaySteps: 16, tMul: 1, mMul: 0.5, alpha: 0.1 }),
  "cosineRestarts that shrink": () =>
    schedules.cosineRestarts({ initialLearningRate, firstDecaySteps: 10, tMul: 2, mMul: 0.8, alpha: 0.01 }),
  stepDecay: () => schedules.stepDecay({ initialLearningRate, stepSize: 30 }),
  "stepDecay with gamma": () => schedules.stepDecay({ initialLearningRate, stepSize: 7, gamma: 0.7 }),
  oneCycle: () => schedules.oneCycle({ maxLearningRate: 0.1, totalSteps: 100 }),
  "oneCycle linear": () =>
    schedules.oneCycle({
      maxLearningRate: 0.2,
      totalSteps: 90,
      pctStart: 0.4,
      anneal: "linear",
      divFactor: 10,
      finalDivFactor: 100,
    }),
  "warmUp then stepDecay": () => {
    const schedule = schedules.stepDecay({ initialLearningRate, stepSize: 20, gamma: 0.5 });
    return schedules.warmUp({ steps: 10, from: 0.025, schedule });
  },
  sequence: () => {
    const last = schedules.stepDecay({ initialLearningRate, stepSize: 20, gamma: 0.5 });
    return schedules.sequence({ parts: [{ schedule: 0.05, steps: 15 }, { schedule: last }] });
  },
  "inverseSquareRoot after warm-up": () =>
    schedules.warmUp({ steps: 40, schedule: schedules.inverseSquareRoot({ initialLearningRate, timescale: 40 }) }),
};

describe.each(Object.keys(makers))("%s", (name) => {
  it("has the learning rates of Keras or PyTorch for 121 steps", () => {
    const schedule = makers[name]!();
    rates[name]!.forEach((rate, step) => {
      expect(Math.abs(schedule.at(step) - rate)).toBeLessThan(1e-10);
    });
  });

  it("is the same after a round trip through JSON", () => {
    const schedule = makers[name]!();
    const json = JSON.parse(JSON.stringify(schedule));
    const read = schedules.fromJSON(json);
    for (let step = 0; step < 200; step++) expect(read.at(step)).toBe(schedule.at(step));
    expect(read.toJSON()).toEqual(json);
  });
});

it("has a case for each schedule of the fixture", () => {
  expect(Object.keys(makers)).toEqual(Object.keys(rates));
});

it("a constant stays", () => {
  const schedule = schedules.constant({ learningRate: 0.3 });
  expect([0, 1, 1e6].map(schedule.at)).toEqual([0.3, 0.3, 0.3]);
  expect(schedules.fromJSON(schedule.toJSON()).at(7)).toBe(0.3);
});

it("a sequence of sequences begins each part at its own step 0", () => {
  const rising = schedules.sequence({ parts: [{ schedule: 1, steps: 2 }, { schedule: 2, steps: 1 }, { schedule: 3 }] });
  const twice = schedules.sequence({ parts: [{ schedule: rising, steps: 4 }, { schedule: rising }] });
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map(twice.at)).toEqual([1, 1, 2, 3, 1, 1, 2, 3, 3]);
});

it("one cycle of PyTorch's length ends at its last learning rate and stays there", () => {
  const schedule = schedules.oneCycle({ maxLearningRate: 1, totalSteps: 10 });
  expect(schedule.at(9)).toBeCloseTo(1 / 25 / 1e4, 12);
  expect(schedule.at(1000)).toBe(schedule.at(9));
});

it("restarts fall on the exact step when periods grow by half", () => {
  const schedule = schedules.cosineRestarts({ initialLearningRate: 1, firstDecaySteps: 8, tMul: 1.5 });
  expect([0, 8, 20, 38].map(schedule.at)).toEqual([1, 1, 1, 1]);
});

it("a custom schedule is asked for each step and refuses what is no learning rate", () => {
  const schedule = schedules.custom((step) => (step < 3 ? 1 / (step + 1) : Number.NaN));
  expect([0, 1].map(schedule.at)).toEqual([1, 0.5]);
  expect(() => schedule.at(3)).toThrow("schedules.custom: at(3) must be a number from 0, got NaN.");
});

describe("a wrong option is refused in one sentence", () => {
  const { cosine, piecewise, sequence, warmUp, oneCycle, fromJSON, custom, exponential } = schedules;
  const wrong = (value: unknown) => value as never;
  it.each<[() => unknown, string]>([
    [
      () => cosine({ initialLearningRate: -1, decaySteps: 10 }),
      "schedules.cosine: initialLearningRate must be a number from 0, got -1.",
    ],
    [
      () => cosine({ initialLearningRate: 1, decaySteps: 1.5 }),
      "schedules.cosine: decaySteps must be an integer from 1, got 1.5.",
    ],
    [
      () => cosine(wrong({ initialLearningRate: 1, decay_steps: 10 })),
      'schedules.cosine: there is no option "decay_steps", only initialLearningRate, decaySteps, alpha.',
    ],
    [
      () => cosine(wrong(undefined)),
      "schedules.cosine: options must be an object with initialLearningRate, decaySteps",
    ],
    [
      () => exponential({ ...decay, staircase: wrong(1) }),
      'schedules.exponential: staircase must be one of "true", "false", got "1".',
    ],
    [
      () => piecewise({ boundaries: [5, 5], values: [1, 1, 1] }),
      "schedules.piecewise: boundaries[1] must be an integer above 5, got 5.",
    ],
    [
      () => piecewise({ boundaries: [5], values: [1] }),
      "schedules.piecewise: values must have one number more than boundaries, got 1 for 1.",
    ],
    [() => warmUp({ steps: 5, schedule: Number.NaN }), "schedules.warmUp: schedule must be a number from 0, got NaN."],
    [
      () => sequence({ parts: [{ schedule: 1, steps: 5 }] }),
      "schedules.sequence: parts[0]: the last part goes on without end, got steps 5. Leave steps out.",
    ],
    [
      () => sequence({ parts: [{ schedule: 1 }, { schedule: 2 }] }),
      "schedules.sequence: parts[0]: steps must be an integer from 1, got undefined.",
    ],
    [
      () => oneCycle({ maxLearningRate: 1, totalSteps: 10, anneal: wrong("cos") }),
      'schedules.oneCycle: anneal must be one of "cosine", "linear", got "cos".',
    ],
    [() => custom(wrong(3)), "schedules.custom: at must be a function of the step, got 3."],
    [() => fromJSON({ kind: "cosin" }), 'schedules.fromJSON: kind must be one of "constant", "stepDecay",'],
    [
      () => fromJSON(custom(() => 1).toJSON()),
      "schedules.fromJSON: a custom schedule is code and cannot be read. Make it anew with schedules.custom.",
    ],
  ])("%#", (make, message) => {
    expect(make).toThrow(message);
  });
});
