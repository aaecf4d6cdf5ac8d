import { once } from "node:events";
import { watch as watchFolder } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Notebook } from "../../kernel/commands/notebook-file.js";
import { etude, startEtude } from "./etude.js";

describe("etude run", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "etude-test-"));
    path = join(folder, "notebook.ipynb");
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function write(...sources: string[]): Promise<void> {
    const cells = sources.map((source) => ({
      cell_type: "code",
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    }));
    const text = { cell_type: "markdown", id: "words", metadata: {}, source: ["# One\n", "two"] };
    await writeFile(path, JSON.stringify({ cells: [text, ...cells], metadata: {}, nbformat: 4, nbformat_minor: 4 }));
  }

  async function read(file = path): Promise<Notebook> {
    return JSON.parse(await readFile(file, "utf8")) as Notebook;
  }

  it("executes the cells in order, in the notebook's folder, and writes format 4.5 in place", async () => {
    await writeFile(join(folder, "six.ts"), "export const six = 6;");
    await write('import { six } from "./six.ts";', 'console.log("one"); console.log("two"); six * 7', "");
    const { code, stdout } = await etude("run", path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cell 1 of 3 .*\ncell 2 of 3 .*\n$/);
    const { cells, metadata, nbformat_minor } = await read();
    expect(nbformat_minor).toBe(5);
    expect(metadata).toMatchObject({ kernelspec: { name: "etude" }, language_info: { name: "typescript" } });
    expect(cells.map((cell) => cell.execution_count)).toEqual([undefined, 1, 2, null]);
    expect(cells[0]).toEqual({ cell_type: "markdown", id: "words", metadata: {}, source: ["# One\n", "two"] });
    for (const cell of cells) expect(cell.id).toMatch(/^[\w-]+$/);
    expect(cells[2]!.outputs).toEqual([
      { output_type: "stream", name: "stdout", text: ["one\n", "two\n"] },
      { output_type: "execute_result", execution_count: 2, data: { "text/plain": ["42"] }, metadata: {} },
    ]);
    expect((await readdir(folder)).sort()).toEqual(["notebook.ipynb", "six.ts"]);
  });

  it("ends at an error with exit code 1, names the cell, and writes what there is to the other file", async () => {
    await write("1 + 1", 'throw new RangeError("too far")', "3");
    const original = await readFile(path, "utf8");
    const { code, stderr } = await etude("run", path, "-o", join(folder, "out.ipynb"));
    expect(code).toBe(1);
    expect(stderr).toContain("cell 2 of 3 failed.\nRangeError: too far\n");
    const { cells } = await read(join(folder, "out.ipynb"));
    expect(cells[2]!.outputs).toMatchObject([{ output_type: "error", ename: "RangeError", evalue: "too far" }]);
    expect(cells[3]).toMatchObject({ execution_count: null, outputs: [] });
    expect(await readFile(path, "utf8")).toBe(original);
  });

  it("goes on after an error with --allow-errors", async () => {
    await write("missing", "3");
    expect((await etude("run", path, "--allow-errors")).code).toBe(0);
    expect((await read()).cells[2]!.execution_count).toBe(2);
  });

  it("names the cell in which the kernel is told to exit, and still writes", async () => {
    await write('console.log("before")', "process.exit(3)", "3");
    const { code, stderr } = await etude("run", path);
    expect(code).toBe(1);
    expect(stderr).toContain("cell 2 of 3 failed.");
    expect((await read()).cells[1]!.outputs).toHaveLength(1);
  });

  it("stops on Ctrl-C, writes what was shown and leaves no process", async () => {
    const running = join(folder, "running");
    await write(
      "console.log(process.pid, process.ppid);",
      `require("node:fs").writeFileSync(${JSON.stringify(running)}, ""); while (true) {}`,
    );
    const watch = watchFolder(folder);
    const { child, ended } = startEtude(["run", path]);
    await once(watch, "change");
    watch.close();
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain("stopped in cell 2 of 2.");
    const [output] = (await read()).cells[1]!.outputs!;
    const pids = output?.output_type === "stream" ? [...output.text].join("").trim().split(" ").map(Number) : [];
    expect(pids).toHaveLength(2);
    while (pids.some(isAlive)) await delay(20); // a process that is left lets this test run out of time
  });

  it.each([
    ["not json", "is not a notebook: its text is not JSON."],
    ['{"nbformat": 3, "worksheets": []}', "is not a notebook of format 4."],
    [
      '{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": {"kernelspec": {"language": "python", "display_name": "Python 3"}}}',
      "the notebook is in python (Python 3). Etude runs TypeScript.",
    ],
  ])("refuses %s", async (text, sentence) => {
    await writeFile(path, text);
    const { code, stderr } = await etude("run", path);
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
    expect(await readFile(path, "utf8")).toBe(text);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
