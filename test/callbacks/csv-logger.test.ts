import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { CSVLogger } from "../../src/callbacks/csv-logger.js";
import { scriptedFit } from "./scripted-fit.js";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "csv-logger-"));
  path = join(folder, "logs", "run.csv");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the file holds, its wall times left out. */
const cells = () => readFileSync(path, "utf8").replace(/^(\d+,\d+),\d+\.\d{3},/gm, "$1,S,");
const script = [
  { loss: 2, val_loss: 3 },
  { loss: 1, val_loss: Number.NaN },
];

describe("CSVLogger", () => {
  it("writes a row for each epoch as soon as it ends, into a folder that it makes", async () => {
    const lengths: number[] = [];
    const reader = { onEpochEnd: () => void lengths.push(cells().split("\n").length - 1) };
    await scriptedFit([new CSVLogger(path), reader], script, { stepsPerEpoch: 5 });
    expect(lengths).toEqual([2, 3]);
    expect(cells()).toBe("epoch,step,seconds,learningRate,loss,val_loss\n1,5,S,0.1,2,3\n2,10,S,0.1,1,NaN\n");
  });

  it("a next run begins the file anew, or goes on with append", async () => {
    await scriptedFit([new CSVLogger(path)], script);
    await scriptedFit([new CSVLogger(path)], script.slice(0, 1));
    expect(cells().split("\n")).toHaveLength(3);
    await scriptedFit([new CSVLogger(path, { append: true })], script);
    expect(cells().match(/^\d+/gm)).toEqual(["1", "1", "2"]);
  });

  it("a run that goes on drops the epochs after its checkpoint, and a row that was cut off", async () => {
    await scriptedFit([new CSVLogger(path)], script);
    const long = [...script, ...script];
    const { states } = await scriptedFit([new CSVLogger(path, { append: true })], long, { killAfter: 2 });
    await scriptedFit([new CSVLogger(path, { append: true })], long, { killAfter: 3, from: 2, states });
    writeFileSync(path, `${readFileSync(path, "utf8")}4,4,0.0`);
    await scriptedFit([new CSVLogger(path, { append: true })], long, { from: 2, states });
    expect(cells().match(/^\d+/gm)).toEqual(["1", "2", "1", "2", "3", "4"]);
  });

  it("names with commas and quotes are quoted", async () => {
    await scriptedFit([new CSVLogger(path)], [{ 'top "5", %': 1 }]);
    expect(cells()).toBe('epoch,step,seconds,learningRate,"top ""5"", %"\n1,1,S,0.1,1\n');
  });

  it("other columns in the file are said once, and the file stays as it was", async () => {
    const lines: string[] = [];
    jest.spyOn(console, "warn").mockImplementation((line) => void lines.push(String(line)));
    await scriptedFit([new CSVLogger(path)], script);
    const before = readFileSync(path, "utf8");
    const { epochs } = await scriptedFit([new CSVLogger(path, { append: true })], [{ accuracy: 1 }]);
    jest.restoreAllMocks();
    expect(epochs).toBe(1);
    expect(readFileSync(path, "utf8")).toBe(before);
    expect(lines).toEqual([expect.stringContaining("has other columns than this run, which has epoch,step,")]);
  });

  it("a folder that cannot be made ends the run before it begins", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(scriptedFit([new CSVLogger(join(folder, "file", "run.csv"))], script)).rejects.toThrow(
      /^CSVLogger: cannot write ".*": .+\.$/,
    );
    expect(() => new CSVLogger("")).toThrow('CSVLogger: path must be the name of a file, got "".');
  });
});
