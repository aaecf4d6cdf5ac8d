import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { writeWhole } from "../../src/models/write-whole.js";
import { temporaryFolder } from "./temporary-folder.js";

let folder: string;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, "model.bin");
  writeFileSync(path, "old");
});

const write = (target: string, chunks: Iterable<Uint8Array>) => writeWhole("save", target, chunks);

describe("writeWhole", () => {
  it("replaces a file and leaves nothing else", async () => {
    await write(path, [Buffer.from("ne"), Buffer.from("w")]);
    expect([readFileSync(path, "utf8"), readdirSync(folder)]).toEqual(["new", ["model.bin"]]);
  });

  it("makes the folders that are missing", async () => {
    await write(join(folder, "a/b/c.bin"), [Buffer.from("new")]);
    expect(readFileSync(join(folder, "a/b/c.bin"), "utf8")).toBe("new");
  });

  it("writes through a link, which stays a link", async () => {
    const link = join(folder, "link.bin");
    symlinkSync(path, link);
    await write(link, [Buffer.from("new")]);
    expect([lstatSync(link).isSymbolicLink(), readFileSync(path, "utf8")]).toEqual([true, "new"]);
  });

  it("leaves the old file, and nothing else, when the writing fails in the middle", async () => {
    function* failing() {
      yield Buffer.from("half");
      throw new Error("the source broke");
    }
    await expect(write(path, failing())).rejects.toThrow(
      `save: cannot write ${JSON.stringify(path)}: the source broke.`,
    );
    expect([readFileSync(path, "utf8"), readdirSync(folder)]).toEqual(["old", ["model.bin"]]);
  });

  it("says in one sentence that a folder has the name", async () => {
    mkdirSync(join(folder, "taken"));
    await expect(write(join(folder, "taken"), [Buffer.from("new")])).rejects.toThrow(
      /^save: cannot write ".*taken": there is a folder of that name. Choose another name.$/,
    );
    expect(readdirSync(folder).sort()).toEqual(["model.bin", "taken"]);
  });

  it("says in one sentence that a part of the folder is a file", async () => {
    await expect(write(join(path, "deeper/model.bin"), [Buffer.from("new")])).rejects.toThrow(
      /^save: cannot write ".*": a part of its folder is a file. Choose another folder.$/,
    );
  });

  it("killed in the middle, leaves the old file; the next write removes what was left", async () => {
    const child = spawnHalfWriter(path);
    await firstLine(child);
    expect(readdirSync(folder)).toHaveLength(2);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    expect(readFileSync(path, "utf8")).toBe("old");
    await write(path, [Buffer.from("new")]);
    expect([readFileSync(path, "utf8"), readdirSync(folder)]).toEqual(["new", ["model.bin"]]);
  });

  it("leaves the unfinished file of a process that still runs", async () => {
    const child = spawnHalfWriter(path);
    await firstLine(child);
    await write(path, [Buffer.from("new")]);
    expect(readdirSync(folder)).toHaveLength(2);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  });
});

/** A process that writes the half of a file, says so, and then waits for its other half for ever. */
function spawnHalfWriter(target: string): ChildProcessWithoutNullStreams {
  const module = new URL("../../dist/src/models/write-whole.js", import.meta.url);
  const program = `
    import { writeWhole } from ${JSON.stringify(module.href)};
    async function* halves() {
      yield Buffer.alloc(1e6);
      console.log("half");
      await new Promise(() => setInterval(() => {}, 1e6));
    }
    await writeWhole("save", ${JSON.stringify(target)}, halves());`;
  return spawn(process.execPath, ["--input-type=module", "--eval", program]);
}

function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout.once("data", (data) => resolve(String(data)));
    child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
}
