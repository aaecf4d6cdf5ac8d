import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { PbfReader } from "pbf";
import { crc32c } from "../../src/callbacks/tensorboard/crc32c.js";
import { record } from "../../src/callbacks/tensorboard/record.js";
import { TensorBoard } from "../../src/callbacks/tensorboard/tensorboard.js";
import { scriptedFit } from "./scripted-fit.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tensorboard-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Read {
  step: number;
  version?: string;
  restarts?: boolean;
  scalars: Record<string, number>;
  tags: string[];
}

/** The events of all files of a folder, in the order of their names. */
function eventsIn(...path: string[]): Read[] {
  return readdirSync(join(folder, ...path))
    .sort()
    .flatMap((name) => eventsOf(readFileSync(join(folder, ...path, name))));
}

function eventsOf(bytes: Uint8Array): Read[] {
  const events: Read[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(record(data)).toEqual(new Uint8Array(bytes.subarray(at, at + length + 16)));
    events.push(new PbfReader(data.slice()).readFields(readEvent, { step: 0, scalars: {}, tags: [] }));
    at += length + 16;
  }
  return events;
}

function readEvent(field: number, event: Read, pbf: PbfReader): void {
  if (field === 2) event.step = pbf.readVarint();
  if (field === 3) event.version = pbf.readString();
  if (field === 5) pbf.readMessage((tag) => tag === 1 && readValue(event, pbf), null);
  if (field === 7) event.restarts = pbf.readMessage(() => {}, true);
}

function readValue(event: Read, pbf: PbfReader): void {
  const value = { tag: "", number: undefined as number | undefined };
  pbf.readMessage((field) => {
    if (field === 1) value.tag = pbf.readString();
    if (field === 2) value.number = pbf.readFloat();
  }, null);
  event.tags.push(value.tag);
  if (value.number !== undefined) event.scalars[value.tag] = value.number;
}

const script = [
  { loss: 2, val_loss: 3 },
  { loss: 1, val_loss: 2.5 },
  { loss: 0.5, val_loss: Number.NaN },
];

describe("the checksum of records", () => {
  // The vectors of RFC 3720, appendix B.4.
  it.each([
    ["32 zeros", new Uint8Array(32), 0x8a9136aa],
    ["32 ones", new Uint8Array(32).fill(255), 0x62a8ab43],
    ["0 to 31", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ["31 to 0", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])("of %s is that of the RFC", (_, bytes, sum) => {
    expect(crc32c(bytes)).toBe(sum);
  });

  it("of text is the well-known one", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  });
});

describe("TensorBoard", () => {
  it("writes what train and validation rows report, in a folder each, epoch by epoch", async () => {
    const callback = new TensorBoard({ logDir: folder, runName: "first try" });
    await scriptedFit([callback], script);
    expect(callback.path).toBe(join(folder, "first-try"));
    const [version, start, ...train] = eventsIn("first-try", "train");
    expect(version!.version).toBe("brain.Event:2");
    expect(start!.tags).toEqual(["_hparams_/session_start_info"]);
    expect(train.at(-1)!.tags).toEqual(["_hparams_/session_end_info"]);
    const learningRate = Math.fround(0.1);
    expect(train.slice(0, -1).map(({ step, scalars }) => ({ step, ...scalars }))).toEqual([
      { step: 1, learningRate, loss: 2 },
      { step: 2, learningRate, loss: 1 },
      { step: 3, learningRate, loss: 0.5 },
    ]);
    const validation = eventsIn("first-try", "validation").slice(1);
    expect(validation.map(({ scalars }) => scalars.loss)).toEqual([3, 2.5, Number.NaN]);
  });

  it("every row is in the file before the next epoch begins", async () => {
    const counts: number[] = [];
    const reader = { onEpochEnd: () => void counts.push(eventsIn("run", "train").length) };
    await scriptedFit([new TensorBoard({ logDir: folder, runName: "run" }), reader], script);
    expect(counts).toEqual([3, 4, 5]);
  });

  it("each run has a folder under its title and its id, and steps are written if they are asked for", async () => {
    await scriptedFit([new TensorBoard({ logDir: folder, everySteps: 2 })], script, { stepsPerEpoch: 3 });
    expect(readdirSync(folder)).toEqual(["scripted-run-1"]);
    const steps = eventsIn("scripted-run-1", "steps").slice(1);
    expect(steps.map(({ step, scalars }) => [step, scalars.loss])).toEqual([
      [2, 2],
      [4, 1],
      [6, 1],
      [8, 0.5],
    ]);
  });

  it("a run that goes on says from which epoch on its file counts", async () => {
    const make = () => new TensorBoard({ logDir: folder, runName: "run" });
    const { states } = await scriptedFit([make()], script, { killAfter: 2 });
    await scriptedFit([make()], script, { from: 2, states });
    const events = eventsIn("run", "train");
    expect(events.filter(({ restarts }) => restarts).map(({ step }) => step)).toEqual([3]);
    expect(events.flatMap(({ scalars }) => scalars.loss ?? [])).toEqual([2, 1, 0.5]);
  });

  it("a folder that cannot be made ends the run before it begins, and wrong options are refused", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(scriptedFit([new TensorBoard({ logDir: join(folder, "file") })], script)).rejects.toThrow(
      /^TensorBoard: cannot write to ".*": .+\.$/,
    );
    expect(() => new TensorBoard({ logDir: "" })).toThrow(
      'TensorBoard: logDir must be a text that is not empty, got "".',
    );
    expect(() => new TensorBoard({ everySteps: 0 })).toThrow(
      "TensorBoard: everySteps must be an integer from 1, got 0.",
    );
    expect(() => new TensorBoard({ logdir: "x" } as never)).toThrow('TensorBoard: there is no option "logdir"');
  });
});
