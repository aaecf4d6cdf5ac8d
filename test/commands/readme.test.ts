import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import type { Notebook } from "../../kernel/commands/notebook-file.js";
import { packageRoot } from "../../src/core/package-root.js";
import { etude } from "./etude.js";

it("the cell in README.md runs as it stands, without a type error", async () => {
  const [, source] = /```ts\n(.*?)```/s.exec(await readFile(join(packageRoot, "README.md"), "utf8"))!;
  const folder = await mkdtemp(join(tmpdir(), "etude-test-"));
  const path = join(folder, "readme.ipynb");
  const cells = [{ cell_type: "code", metadata: {}, source }];
  await writeFile(path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  expect(await etude("run", path)).toMatchObject({ code: 0, stderr: "" });
  const { cells: executed } = JSON.parse(await readFile(path, "utf8")) as Notebook;
  const kinds = executed[0]!.outputs!.map((output) => output.output_type);
  expect(kinds.at(-1)).toBe("execute_result");
  expect(kinds).not.toContain("stream"); // a type error would be told there
  await rm(folder, { recursive: true });
});
