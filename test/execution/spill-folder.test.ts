import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { SpillFile } from "../../kernel/execution/spill-file.js";
import { SpillFolder } from "../../kernel/execution/spill-folder.js";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "etude-test-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

async function pathOf(file: SpillFile): Promise<string> {
  const { path } = (await file.end()) as { path: string };
  return path;
}

describe("the folder of long outputs", () => {
  it("is private, and names each file after its cell", async () => {
    const folder = new SpillFolder(parent);
    const paths = await Promise.all([12, 13, 12].map((cell) => pathOf(folder.file(`cell-${cell}`))));
    const [place] = paths.map(dirname);
    expect(paths).toEqual(
      ["cell-12-output.txt", "cell-13-output.txt", "cell-12-output-2.txt"].map((name) => join(place!, name)),
    );
    expect(statSync(place!).mode & 0o777).toBe(0o700);
  });

  it("is made only when there is something to keep, and again when somebody removed it", async () => {
    const folder = new SpillFolder(parent);
    expect(readdirSync(parent)).toEqual([]);
    const first = dirname(await pathOf(folder.file("cell-1")));
    rmSync(first, { recursive: true });
    expect(existsSync(await pathOf(folder.file("cell-2")))).toBe(true);
  });

  it("of an earlier kernel goes when it is a week old", async () => {
    const old = join(parent, "etude-output-old");
    const recent = join(parent, "etude-output-recent");
    const foreign = join(parent, "another-old");
    const days = (n: number) => new Date(Date.now() - n * 24 * 3600 * 1000);
    for (const [folder, age] of [
      [old, 8],
      [recent, 6],
      [foreign, 8],
    ] as const) {
      mkdirSync(folder);
      utimesSync(folder, days(age), days(age));
    }
    await pathOf(new SpillFolder(parent).file("cell-1"));
    expect([old, recent, foreign].map((folder) => existsSync(folder))).toEqual([false, true, true]);
  });
});
