import { describe, expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { RandomStream } from "../../src/core/random.js";
import { tf } from "../../src/engine/tf.js";
import { build } from "../../src/layers/build.js";
import { layers } from "../../src/layers/layers.js";
import { losses } from "../../src/losses/losses.js";
import { r2 } from "../../src/metrics/explained.js";
import { metrics } from "../../src/metrics/metrics.js";
import { f1, fBeta } from "../../src/metrics/precision-recall.js";
import { logLoss } from "../../src/metrics/probability-scores.js";
import { rocAuc } from "../../src/metrics/ranking.js";
import { meanAbsolutePercentageError, rootMeanSquaredError } from "../../src/metrics/regression.js";
import type { StreamingMetric } from "../../src/metrics/streaming-metric.js";
import { evaluate } from "../../src/training/evaluate.js";
import { fit } from "../../src/training/fit.js";
import type { FitOptions } from "../../src/training/fit-options.js";
import { predict, predictClasses } from "../../src/training/predict.js";

const random = RandomStream.of(3, "data");
const nRows = 50;
const x = Array.from({ length: nRows }, () => [random.normal(), random.normal(), random.normal()]);
const side = x.map(([a, b]) => (a! + b! + random.normal() > 0.5 ? 1 : 0));
const kind = x.map(([a, b]) => (a! > 0.4 ? 2 : b! > 0 ? 1 : 0));
const amount = x.map(([a, b, c]) => 20 + 3 * a! - 2 * b! + c! * c!);
const validation = x.slice(0, 37);

const net = (outputs: number) => mlp({ inputs: 3, outputs, hidden: [6], seed: 1 });
const basics = { epochs: 2, batchSize: 16, learningRate: 0.01 };
const row = (run: { history: { rows: readonly { metrics: Readonly<Record<string, number>> }[] } }) =>
  run.history.rows.at(-1)!.metrics;

describe.each([true, false])("metrics of fit are those of all rows at once (compile: %s)", (compile) => {
  const lastEpoch = async (outputs: number, y: number[], options: Partial<FitOptions>) => {
    const whole = { ...basics, train: { x, y }, validation: { x: validation, y: y.slice(0, 37) }, compile, ...options };
    const run = await fit(net(outputs), whole as FitOptions);
    return { model: run.model, found: row(run), yTrue: y.slice(0, 37) };
  };

  it("classes: labels, and probabilities by softmax", async () => {
    const { model, found, yTrue } = await lastEpoch(3, kind, {
      loss: "crossEntropy",
      metrics: ["accuracy", "rocAuc", metrics.fBeta({ beta: 2, average: "weighted" }), "f1", "logLoss"],
    });
    const p = await predict(model, validation);
    const classes = await predictClasses(model, validation);
    expect(found.val_rocAuc).toBeCloseTo(rocAuc(yTrue, p), 5);
    expect(found.val_fBeta).toBeCloseTo(fBeta(yTrue, classes, { beta: 2, average: "weighted" }), 6);
    expect(found.val_f1).toBeCloseTo(f1(yTrue, classes, { average: "macro" }), 6);
    expect(found.val_logLoss).toBeCloseTo(logLoss(yTrue, p), 5);
    expect(found.val_logLoss).toBeCloseTo(found.val_loss!, 5);
    expect(Object.keys(found).slice(0, 6)).toEqual(["loss", "accuracy", "rocAuc", "fBeta", "f1", "logLoss"]);
  });

  it("answers: labels, and probabilities by sigmoid", async () => {
    const chosen = ["f1", "rocAuc", "brierScoreLoss"] as const;
    const { model, found, yTrue } = await lastEpoch(1, side, { loss: "binaryCrossEntropy", metrics: chosen });
    const p = await predict(model, validation);
    expect(found.val_rocAuc).toBeCloseTo(rocAuc(yTrue, p), 5);
    expect(found.val_f1).toBeCloseTo(f1(yTrue, await predictClasses(model, validation)), 6);
    expect(await evaluate(model, { x: validation, y: yTrue }, { metrics: chosen })).toEqual({
      loss: expect.closeTo(found.val_loss!, 5),
      f1: expect.closeTo(found.val_f1!, 5),
      rocAuc: expect.closeTo(found.val_rocAuc!, 5),
      brierScoreLoss: expect.closeTo(found.val_brierScoreLoss!, 5),
    });
  });

  it("numbers", async () => {
    const chosen = ["r2", "rootMeanSquaredError", "meanAbsolutePercentageError"] as const;
    const { model, found, yTrue } = await lastEpoch(1, amount, { loss: "huber", metrics: chosen });
    const yPred = (await predict(model, validation)).data;
    expect(found.val_r2! / r2(yTrue, yPred)).toBeCloseTo(1, 5);
    expect(found.val_rootMeanSquaredError! / rootMeanSquaredError(yTrue, yPred)).toBeCloseTo(1, 5);
    expect(found.val_meanAbsolutePercentageError! / meanAbsolutePercentageError(yTrue, yPred)).toBeCloseTo(1, 5);
  });
});

it("a metric object measures training and validation apart, and a second run anew", async () => {
  const auc = metrics.rocAuc({ name: "area" });
  const options = { ...basics, train: { x, y: side }, validation: { x: validation, y: side.slice(0, 37) } };
  const run = (chosen: FitOptions["metrics"]) =>
    fit(net(1), { ...options, loss: "binaryCrossEntropy", metrics: chosen! } as FitOptions);
  const [first, again, byName] = [row(await run([auc])), row(await run([auc])), row(await run(["rocAuc"]))];
  expect([first.area, first.val_area]).toEqual([byName.rocAuc, byName.val_rocAuc]);
  expect([again.area, again.val_area]).toEqual([first.area, first.val_area]);
  expect(first.area).not.toBe(first.val_area);
});

/** The largest error, as a reader would write it. */
function largestError(): StreamingMetric {
  let worst = 0;
  return {
    name: "largestError",
    needs: "numbers",
    update(yTrue, yPred) {
      for (let i = 0; i < yTrue.length; i++) worst = Math.max(worst, Math.abs(yTrue[i]! - yPred[i]!));
    },
    result: () => worst,
    reset() {
      worst = 0;
    },
    state: () => [worst],
    restore([kept]) {
      worst = kept!;
    },
  };
}

it("a metric of one's own is measured as any other", async () => {
  const train = { x, y: amount };
  const run = await fit(net(1), { ...basics, train, loss: "huber", validation: train, metrics: [largestError()] });
  const yPred = (await predict(run.model, x)).data;
  const worst = Math.max(...amount.map((y, i) => Math.abs(y - yPred[i]!)));
  expect(row(run).val_largestError).toBeCloseTo(worst, 4);
});

describe("the loss over batches of uneven sizes is that of all rows", () => {
  /** A learning rate so small that no step moves a weight. */
  const still = { ...basics, epochs: 1, learningRate: 1e-12, shuffle: false, optimizer: "sgd" } as const;
  const yPred = async (model: tf.LayersModel) => (await predict(model, x)).data;

  it("of rootMeanSquaredError the root of all squares, also with weights", async () => {
    const weights = amount.map((_, i) => (i < 20 ? 3 : 0.5));
    for (const given of [undefined, weights]) {
      const train = { x, y: amount, ...(given && { weights: given }) };
      const loss = losses.rootMeanSquaredError({ reduction: "weightedMean" });
      const run = await fit(net(1), { ...still, train, loss });
      const expected = rootMeanSquaredError(amount, await yPred(run.model), given && { weights: given });
      expect(row(run).loss! / expected).toBeCloseTo(1, 6);
    }
  });

  it("with reduction weightedMean the mean by the weights of all rows", async () => {
    const weights: number[] = amount.map((_, i) => (i < 16 ? 0 : i < 32 ? 10 : 1));
    const loss = losses.meanSquaredError({ reduction: "weightedMean" });
    const run = await fit(net(1), { ...still, train: { x, y: amount, weights }, loss });
    const predicted = await yPred(run.model);
    const squares = amount.map((y, i) => weights[i]! * (y - predicted[i]!) ** 2);
    const expected = squares.reduce((a, b) => a + b) / weights.reduce((a, b) => a + b);
    expect(row(run).loss! / expected).toBeCloseTo(1, 6);
  });

  it("with an ignored label the mean over the others", async () => {
    const y = kind.map((label, i) => (i < 30 && i % 3 > 0 ? -1 : label));
    const loss = losses.crossEntropy({ ignoreLabel: -1 });
    const run = await fit(net(3), { ...still, train: { x, y }, loss, metrics: ["accuracy", "logLoss"] });
    const counted = y.flatMap((label, i) => (label < 0 ? [] : [i]));
    const p = await predict(run.model, x);
    const expected = logLoss(
      counted.map((i) => y[i]!),
      p.take(counted),
      { labels: [0, 1, 2] },
    );
    expect(row(run).loss).toBeCloseTo(expected, 5);
    expect(row(run).logLoss).toBeCloseTo(expected, 5);
  });

  it("of several outputs, weighed, with a penalty", async () => {
    const model = build({ x: [3] }, ({ x: input }) => ({
      kind: input.pipe(layers.dense({ units: 3, kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }) })),
      amount: input.pipe(layers.dense({ units: 1 })),
    }));
    const run = await fit(model, {
      ...still,
      train: { x, y: { kind, amount } },
      loss: { kind: "crossEntropy", amount: "rootMeanSquaredError" },
      lossWeights: { kind: 2, amount: 0.5 },
    });
    const found = row(run);
    const predicted = (await predict(model, x, { output: "amount" })).data;
    expect(found.amount_loss! / rootMeanSquaredError(amount, predicted)).toBeCloseTo(1, 6);
    expect(found.dataLoss! / (2 * found.kind_loss! + 0.5 * found.amount_loss!)).toBeCloseTo(1, 12);
    expect(found.loss! / (found.dataLoss! + found.penalty!)).toBeCloseTo(1, 12);
  });

  it("with reduction sum the mean of the batches' sums by their rows, as Keras reports it", async () => {
    const loss = losses.meanAbsoluteError({ reduction: "sum" });
    const run = await fit(net(1), { ...still, train: { x, y: amount }, loss });
    const predicted = await yPred(run.model);
    const starts = [0, 16, 32, 48];
    const sums = starts.map((start) => {
      const errors = amount.slice(start, start + 16).map((y, i) => Math.abs(y - predicted[start + i]!));
      return errors.length * errors.reduce((a, b) => a + b);
    });
    expect(row(run).loss! / (sums.reduce((a, b) => a + b) / nRows)).toBeCloseTo(1, 6);
  });
});

describe("metrics that do not fit are refused before training, in one sentence", () => {
  const train = { x, y: kind };
  const cases: [string, FitOptions["metrics"], string][] = [
    [
      "that need something else",
      [metrics.r2()],
      'fit: a metric beside loss "crossEntropy" must be one of labels or probabilities, but "r2" needs numbers.',
    ],
    [
      "of one name",
      ["f1", metrics.f1({ average: "micro" })],
      'fit: two numbers would be reported as "f1". Give one another name, like metrics.f1({ average: "macro", name: "macroF1" }).',
    ],
    [
      "of two classes",
      [metrics.recall({ average: "binary" })],
      'metrics.recall: average "binary" is for two classes, but there are 3. Choose "macro", "weighted" or "micro".',
    ],
    [
      "that are none",
      [{ name: "mine", needs: "labels", update() {} } as never],
      "fit: a metric of your own must have name, needs, update, result, reset, state, restore, got one without result.",
    ],
    [
      "that were not made",
      [metrics.f1 as never],
      'fit: a metric beside loss "crossEntropy" must be one of "accuracy", ',
    ],
  ];
  it.each(cases)("%s", async (_, chosen, message) => {
    const fitting = fit(net(3), { ...basics, train, loss: "crossEntropy", metrics: chosen! });
    await expect(fitting).rejects.toThrow(message);
  });

  it("squared errors of several quantiles of one number", async () => {
    const loss = losses.quantile({ q: [0.1, 0.9] });
    const options = { ...basics, train: { x, y: amount }, loss };
    await expect(fit(net(2), { ...options, metrics: ["meanSquaredError"] })).rejects.toThrow(
      /^metrics\.meanSquaredError: /,
    );
    const pinball = metrics.quantileLoss({ q: [0.1, 0.9] });
    const run = await fit(net(2), { ...options, metrics: [pinball], validation: options.train });
    expect(row(run).val_quantileLoss! / row(run).val_loss!).toBeCloseTo(1, 5);
  });
});
