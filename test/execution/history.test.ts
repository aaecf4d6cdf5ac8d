import { appendFileSync, mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { History } from "../../kernel/execution/history.js";

let file: string;
const errors: string[] = [];
const open = () => new History(file, (reason) => errors.push(reason));

beforeEach(async () => {
  file = join(mkdtempSync(join(tmpdir(), "etude-history-")), "deep", "history.jsonl");
  const before = open();
  before.add(1, "const a = 1");
  before.add(2, "a + 1");
  await before.saved();
});

describe("history", () => {
  it("gives the newest cells of this session and earlier ones", async () => {
    const now = open();
    now.add(1, "a * 2");
    expect(await now.find({ hist_access_type: "tail", n: 2 })).toEqual([
      [1, 2, "a + 1"],
      [2, 1, "a * 2"],
    ]);
  });

  it("gives a range of this session (0) or the one before (-1), with outputs as pairs", async () => {
    const now = open();
    now.add(1, "x");
    now.add(2, "y");
    expect(await now.find({ hist_access_type: "range", session: 0, start: 1, stop: 2 })).toEqual([[2, 1, "x"]]);
    expect(await now.find({ hist_access_type: "range", session: -1, start: 2, output: true })).toEqual([
      [1, 2, ["a + 1", null]],
    ]);
  });

  it("finds by glob, each text once when asked", async () => {
    const now = open();
    now.add(1, "a + 1");
    now.add(2, "(a[0]) + 1");
    expect(await now.find({ hist_access_type: "search", pattern: "a ? 1", unique: true })).toEqual([[2, 1, "a + 1"]]);
    expect(await now.find({ hist_access_type: "search", pattern: "*[0]*" })).toEqual([[2, 2, "(a[0]) + 1"]]);
  });

  it("is a private file, and a torn line in it costs only itself", async () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    appendFileSync(file, '{"session":"x","li');
    expect(await open().find({ hist_access_type: "tail", n: 1 })).toEqual([[1, 2, "a + 1"]]);
  });

  it("that cannot be written says so, and still serves this session", async () => {
    const broken = new History(join(file, "below-a-file", "history.jsonl"), (reason) => errors.push(reason));
    broken.add(1, "z");
    await broken.saved();
    expect(errors.at(-1)).toContain("history is kept for this session only");
    expect(await broken.find({ hist_access_type: "tail", n: 5 })).toEqual([[1, 1, "z"]]);
    expect(errors.at(-1)).toContain("earlier sessions cannot be read");
  });
});
