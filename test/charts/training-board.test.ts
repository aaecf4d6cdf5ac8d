import { describe, expect, it } from "@jest/globals";
import { type EpochRow, learningCurveRows } from "../../src/charts/learning-curve-rows.js";
import { type BoardState, trainingBoard, trainingBoardSpec } from "../../src/charts/training-board.js";
import { displaySymbol, type MimeBundle } from "../../src/output/mime.js";

const rows: readonly EpochRow[] = [
  { epoch: 1, seconds: 0.1, metrics: { accuracy: 0.5, loss: 1.123456, val_loss: 1.2, val_accuracy: 0.4 } },
  { epoch: 2, seconds: 0.1, metrics: { accuracy: 0.75, loss: 0.5, val_loss: Number.NaN, val_accuracy: 0.7 } },
];
const running: BoardState = { title: "Penguins", status: "running", epochs: 50, rows };
const stopped: BoardState = {
  ...running,
  status: "stopped",
  reason: "val_loss did not improve for 1 epoch.",
  bestEpoch: 1,
  stoppedEpoch: 2,
  learningRate: 0.001,
  samplesPerSecond: 45210.3,
  etaSeconds: 8,
  memoryBytes: 312.4e6,
  earlier: [{ label: "run 1", rows: [{ epoch: 1, seconds: 0.1, metrics: { loss: 2 } }] }],
  comparison: {
    header: ["run", "learningRate", "val_loss"],
    rows: [
      ["run 1", "0.01", "2"],
      ["run 2 (this one)", "0.001", "1.2"],
    ],
  },
};
const panels = (state: BoardState) => {
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into plain JSON
  const spec = trainingBoardSpec(state) as any;
  return (spec.vconcat?.[0] ?? spec).concat;
};
const bundle = (state: BoardState) => trainingBoard(state)[displaySymbol]() as MimeBundle;

describe("learningCurveRows", () => {
  it("has loss first and validation beside train, without values that are not finite", () => {
    expect([...learningCurveRows(rows)]).toEqual([
      [
        "loss",
        [
          { epoch: 1, value: 1.1235, part: "train" },
          { epoch: 2, value: 0.5, part: "train" },
          { epoch: 1, value: 1.2, part: "validation" },
        ],
      ],
      [
        "accuracy",
        [
          { epoch: 1, value: 0.5, part: "train" },
          { epoch: 2, value: 0.75, part: "train" },
          { epoch: 1, value: 0.4, part: "validation" },
          { epoch: 2, value: 0.7, part: "validation" },
        ],
      ],
    ]);
  });

  it("names the rows of earlier runs", () => {
    expect(learningCurveRows(rows, stopped.earlier).get("loss")![0]).toEqual({
      epoch: 1,
      value: 2,
      part: "train",
      run: "run 1",
    });
  });

  it("has at most 2,000 points, whatever the length and number of runs", () => {
    const long = Array.from({ length: 5000 }, (_, i) => ({
      epoch: i + 1,
      seconds: 1,
      metrics: { loss: i % 7, val_loss: i % 5, f1: i },
    }));
    const earlier = Array.from({ length: 6 }, (_, i) => ({ label: `run ${i}`, rows: long }));
    const count = [...learningCurveRows(long, earlier).values()].flat().length;
    expect(count).toBeGreaterThan(1000);
    expect(count).toBeLessThanOrEqual(2000);
  });
});

describe("trainingBoard", () => {
  it("has this specification while it runs and when it has ended", () => {
    expect(trainingBoardSpec(running)).toMatchSnapshot();
    expect(trainingBoardSpec(stopped)).toMatchSnapshot();
  });

  it("keeps the planned epochs as its axis while it runs, then what was trained", () => {
    const domain = (state: BoardState) => panels(state)[0].layer.at(-1).encoding.x.scale.domain;
    expect(domain(running)).toEqual([1, 50]);
    expect(domain(stopped)).toEqual([1, 2]);
  });

  it("joins the names of two marks that stand close", () => {
    const texts = (best: number) =>
      panels({
        ...stopped,
        rows: Array.from({ length: 40 }, (_, i) => ({ ...rows[0]!, epoch: i + 1 })),
        bestEpoch: best,
        stoppedEpoch: 40,
      })[0]
        .layer.flatMap((layer: { data: { values: { label?: string }[] } }) => layer.data.values)
        .flatMap(({ label }: { label?: string }) => (label ? [label] : []));
    expect(new Set(texts(20))).toEqual(new Set(["best: 20", "stopped: 40"]));
    expect(new Set(texts(38))).toEqual(new Set(["best: 38, stopped: 40"]));
  });

  it("is drawn by the page alone while it runs; its end has a picture too", () => {
    expect(Object.keys(bundle(running)).sort()).toEqual(["application/vnd.vegalite.v5+json", "text/plain"]);
    const picture = bundle(stopped)["image/png"] as Uint8Array;
    expect([...picture.subarray(1, 4)]).toEqual([..."PNG"].map((letter) => letter.charCodeAt(0)));
  });

  it("has one quiet line as its text", () => {
    expect(bundle(running)["text/plain"]).toBe(
      "Penguins: epoch 2 / 50  ·  accuracy 0.75  ·  loss 0.5  ·  val_loss NaN  ·  val_accuracy 0.7  ·  running",
    );
    expect(bundle(stopped)["text/plain"]).toContain(
      "stopped: val_loss did not improve for 1 epoch  ·  learning rate 0.001  ·  45,210 samples/s  ·  312 MB  ·  run 1, learningRate 0.01, val_loss 2",
    );
  });

  it("has a panel before the first epoch, so that the page does not jump", () => {
    expect(panels({ ...running, rows: [] })).toHaveLength(1);
  });

  it("breaks a long reason between words", () => {
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into plain JSON
    const { subtitle } = trainingBoardSpec({ ...stopped, reason: "word ".repeat(60) }).title as any;
    expect(subtitle.length).toBeGreaterThan(3);
    expect(Math.max(...subtitle.map((line: string) => line.length))).toBeLessThanOrEqual(125);
  });
});
