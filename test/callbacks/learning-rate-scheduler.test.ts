import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { LearningRateScheduler } from "../../src/callbacks/learning-rate-scheduler.js";
import { ReduceOnPlateau, type ReduceOnPlateauOptions } from "../../src/callbacks/reduce-on-plateau.js";
import type { Schedule } from "../../src/optimizers/schedules/schedule.js";
import { schedules } from "../../src/optimizers/schedules/schedules.js";
import { bundleOf } from "../../src/output/display.js";
import { scriptedFit } from "./scripted-fit.js";

// The Python script beside the file made it, and says with which version of PyTorch.
const torch: {
  rates: Record<string, number[]>;
  losses: number[];
  plateau: { options: ReduceOnPlateauOptions; rates: number[] }[];
} = JSON.parse(
  readFileSync(new URL("../reference/optimizers/fixtures/torch-schedulers.json", import.meta.url), "utf8"),
);

const initialLearningRate = 0.1;
const same: Record<string, () => Schedule> = {
  StepLR: () => schedules.stepDecay({ initialLearningRate, stepSize: 30, gamma: 0.5 }),
  MultiStepLR: () => schedules.piecewise({ boundaries: [19, 49], values: [0.1, 0.01, 0.001] }),
  ExponentialLR: () => schedules.exponential({ initialLearningRate, decaySteps: 1, decayRate: 0.97 }),
  CosineAnnealingLR: () => schedules.cosine({ initialLearningRate, decaySteps: 120, alpha: 0.1 }),
  CosineAnnealingWarmRestarts: () =>
    schedules.cosineRestarts({ initialLearningRate, firstDecaySteps: 16, tMul: 2, alpha: 0.1 }),
  PolynomialLR: () => schedules.polynomial({ initialLearningRate, decaySteps: 100, endLearningRate: 0, power: 2 }),
  LinearLR: () => schedules.warmUp({ from: 0.025, steps: 40, schedule: initialLearningRate }),
  OneCycleLR: () => schedules.oneCycle({ maxLearningRate: 0.1, totalSteps: 121 }),
  "CyclicLR triangular": () =>
    schedules.cyclic({ baseLearningRate: 0.01, maxLearningRate: 0.1, stepSizeUp: 20, stepSizeDown: 30 }),
  "CyclicLR triangular2": () =>
    schedules.cyclic({ baseLearningRate: 0.01, maxLearningRate: 0.1, stepSizeUp: 15, mode: "triangular2" }),
  "CyclicLR exp_range": () =>
    schedules.cyclic({
      baseLearningRate: 0.01,
      maxLearningRate: 0.1,
      stepSizeUp: 20,
      mode: "expRange",
      gamma: 0.98,
    }),
  SequentialLR: () =>
    schedules.warmUp({
      from: 0.01,
      steps: 10,
      schedule: schedules.cosine({ initialLearningRate, decaySteps: 110 }),
    }),
};

const epochs = (n: number) => Array.from({ length: n }, () => ({ loss: 1 }));

describe("LearningRateScheduler", () => {
  it.each(Object.keys(torch.rates))("gives every step the learning rate of PyTorch's %s", async (name) => {
    const { rates } = await scriptedFit([new LearningRateScheduler(same[name]!())], epochs(11), { stepsPerEpoch: 11 });
    expect(rates).toHaveLength(121);
    for (const [step, rate] of rates.entries()) expect(Math.abs(rate - torch.rates[name]![step]!)).toBeLessThan(1e-9);
  });

  it("per epoch a schedule counts epochs", async () => {
    const schedule = schedules.stepDecay({ initialLearningRate: 1, stepSize: 2, gamma: 0.5 });
    const callback = new LearningRateScheduler(schedule, { per: "epoch" });
    const { rates } = await scriptedFit([callback], epochs(5), { stepsPerEpoch: 2 });
    expect(rates).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]);
  });

  it("a function gets the epoch from 0 and the learning rate before it", async () => {
    const seen: number[][] = [];
    const callback = new LearningRateScheduler((epoch, rate) => {
      seen.push([epoch, rate]);
      return rate / 2;
    });
    const { rates } = await scriptedFit([callback], epochs(3), { stepsPerEpoch: 2, learningRate: 8 });
    expect(seen).toEqual([
      [0, 8],
      [1, 4],
      [2, 2],
    ]);
    expect(rates).toEqual([4, 4, 2, 2, 1, 1]);
  });

  it("shows the curve of its schedule", async () => {
    const bundle = await bundleOf(new LearningRateScheduler(same.OneCycleLR!()));
    expect(bundle["text/plain"]).toBe("oneCycle: learning rate 4e-7 to 0.09998 over 121 steps");
    expect(bundle["application/vnd.vegalite.v5+json"]).toBeDefined();
  });

  it("what is no schedule, and an option that there is not, are refused", () => {
    expect(() => new LearningRateScheduler(0.1 as never)).toThrow(
      "LearningRateScheduler: expected a schedule or a function of the epoch, got 0.1.",
    );
    expect(() => new LearningRateScheduler(() => 1, { every: "step" } as never)).toThrow(
      'LearningRateScheduler: there is no option "every", only per.',
    );
    expect(() => new LearningRateScheduler(() => 1, { per: "batch" as never })).toThrow(
      'LearningRateScheduler: per must be one of "step", "epoch", got "batch".',
    );
  });
});

describe("the preview of a schedule", () => {
  it.each(Object.entries(same))("of %s has few points and shows its course", (_, make) => {
    const { spec } = make().preview();
    const { values } = spec.data as { values: { step: number; rate: number }[] };
    expect(values.length).toBeLessThanOrEqual(400);
    expect(new Set(values.map(({ rate }) => rate)).size).toBeGreaterThan(2);
  });

  it("goes as far as it is asked, from 2 steps", () => {
    const schedule = same.StepLR!();
    const { values } = schedule.preview(1_000_000).spec.data as { values: { step: number }[] };
    expect(values.at(-1)).toMatchObject({ step: 1_000_000 });
    expect(() => schedule.preview(1)).toThrow(
      "schedules.stepDecay: steps of the preview must be an integer from 2, got 1.",
    );
  });
});

describe("ReduceOnPlateau", () => {
  it.each(torch.plateau)("lowers the rate when PyTorch does, which waits for one more: $options", async (testCase) => {
    const { options, rates } = testCase;
    const script = torch.losses.map((loss) => ({ loss }));
    const found: number[] = [];
    let fit: { readonly learningRate: number } | undefined;
    const reader = {
      onTrainBegin: (task: typeof fit) => {
        fit = task;
      },
      onEpochEnd: () => void found.push(fit!.learningRate),
    };
    await scriptedFit([new ReduceOnPlateau({ monitor: "loss", ...options }), reader], script);
    expect(found).toHaveLength(rates.length);
    for (const [epoch, rate] of found.entries()) expect(Math.abs(rate - rates[epoch]!)).toBeLessThan(1e-9);
  });

  it("maximises a score by its name", async () => {
    const script = [0.5, 0.6, 0.6, 0.6, 0.6].map((val_accuracy) => ({ val_accuracy }));
    const callback = new ReduceOnPlateau({ monitor: "val_accuracy", patience: 2, factor: 0.5 });
    const { rates } = await scriptedFit([callback], script, { learningRate: 8 });
    expect(rates).toEqual([8, 8, 8, 8, 4]);
  });

  it("never raises a rate that is already under its least one", async () => {
    const callback = new ReduceOnPlateau({ monitor: "loss", patience: 1, minLearningRate: 0.5 });
    expect((await scriptedFit([callback], epochs(3), { learningRate: 0.1 })).rates).toEqual([0.1, 0.1, 0.1]);
  });

  it.each<[ReduceOnPlateauOptions, string]>([
    [{ factor: 1 }, "ReduceOnPlateau: factor must be a number above 0 and below 1, got 1."],
    [{ patience: 0 }, "ReduceOnPlateau: patience must be an integer from 1, got 0."],
    [{ cooldown: -1 }, "ReduceOnPlateau: cooldown must be an integer from 0, got -1."],
  ])("%j is refused", (options, message) => {
    expect(() => new ReduceOnPlateau(options)).toThrow(message);
  });
});
