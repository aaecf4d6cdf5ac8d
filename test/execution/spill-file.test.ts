import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { SpillFile } from "../../kernel/execution/spill-file.js";

const dist = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "dist");

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "etude-spill-"));
  path = join(folder, "output.txt");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a spill file", () => {
  it("has all that was written to it, also what was written before it was open", async () => {
    const file = new SpillFile(() => path, 1e9);
    for (let i = 0; i < 1000; i++) void file.write(Buffer.alloc(1000, i));
    expect(await file.end()).toEqual({ path, bytes: 1e6, isComplete: true });
    const written = Buffer.concat(Array.from({ length: 1000 }, (_, i) => Buffer.alloc(1000, i)));
    expect(readFileSync(path).equals(written)).toBe(true);
  });

  it("says once what to wait for when the disk is behind", async () => {
    const file = new SpillFile(() => path, 1e9);
    const waits = Array.from({ length: 10 }, () => file.write(Buffer.alloc(1e6))).filter(Boolean);
    expect(waits).toHaveLength(1);
    await waits[0];
    expect(await file.end()).toMatchObject({ bytes: 1e7 });
  });

  it("never takes the place of another file", async () => {
    writeFileSync(path, "another");
    const file = new SpillFile(() => path, 1e9);
    void file.write(Buffer.alloc(1e6));
    expect((await file.end()).error).toContain("EEXIST");
    expect(readFileSync(path, "utf8")).toBe("another");
  });

  it("that the disk does not take is removed, and the reason is told", async () => {
    // A limit of 1 MB for the files of a process stands for a disk that is full.
    const program = `
      const { SpillFile } = await import(${JSON.stringify(join(dist, "kernel", "execution", "spill-file.js"))});
      const file = new SpillFile(() => ${JSON.stringify(path)}, 1e9);
      for (let i = 0; i < 40; i++) await file.write(Buffer.alloc(1e6));
      console.log(JSON.stringify(await file.end()));`;
    const shell = `ulimit -f 2000; exec "$0" --input-type=module -e "$1"`;
    const { stdout } = await promisify(execFile)("sh", ["-c", shell, process.execPath, program]);
    expect(JSON.parse(stdout).error).toContain("EFBIG");
    expect(existsSync(path)).toBe(false);
  });
});
