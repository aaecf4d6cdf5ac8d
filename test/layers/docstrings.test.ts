import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Language } from "../../kernel/language/language.js";

const folder = mkdtempSync(join(tmpdir(), "etude-layers-"));
const libraryTypes = fileURLToPath(new URL("../../dist/src/index.d.ts", import.meta.url));
const language = new Language({ folder, libraryTypes, patience: 10_000 });

beforeAll(async () => {
  language.start();
  await language.available();
});
afterAll(async () => {
  await language.dispose();
  await rm(folder, { recursive: true });
});

const inspect = async (code: string) => (await language.inspect(code, code.length, 0))?.plain;
const messages = async (code: string) =>
  (await language.check({ id: "1", code, name: "Cell[1]" })).map(({ message }) => message);

describe("in a cell", () => {
  it("Shift-Tab says what a layer does, its shapes and its options", async () => {
    expect(await inspect("layers.conv2d")).toContain(
      "Slides filters kernels over images: (height, width, channels) becomes (height, width, filters)",
    );
    expect(await inspect("layers.dense({ units")).toContain("How many values come out.");
    expect(await inspect("tf.input({ shape: [3] }).pipe")).toContain("Sends this through layers");
  });

  it("a value in a model has its shape", async () => {
    const code = "build([28, 28], (x) => { const y = x.pipe(layers.flatten()); return y; })";
    const cursor = code.indexOf("y =") + 1;
    expect((await language.inspect(code, cursor, 0))?.plain).toContain("Value<readonly [784]>");
  });

  it("a layer that does not take the shape is marked, with the reason", async () => {
    expect(await messages("build([28, 28, 1], (x) => x.pipe(layers.flatten(), layers.dense({ units: 10 })));")).toEqual(
      [],
    );
    const [message] = await messages("build([28, 28], (x) => x.pipe(layers.conv2d({ filters: 8, kernelSize: 3 })));");
    expect(message).toContain("conv2d takes rows of rank 3 (height, width, channels)");
  });

  it("the options of a layer are completed", async () => {
    const code = "build([28, 28], (x) => x.pipe(layers.flatten(), layers.dense({ un";
    expect((await language.complete(code, code.length))?.matches.map(({ text }) => text)).toEqual(["units"]);
  });
});
