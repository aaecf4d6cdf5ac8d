import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { PackageLoader } from "../../../src/engine/native/package-loader.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "etude-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);

it("files see each other, each run once, and what they are given instead of Node's modules", async () => {
  await write("one.js", 'exports.util = require("util"); exports.two = require("./two");');
  await write("two.js", 'exports.one = require("./one"); module.exports.self = module.exports;');
  const util = { isArray: Array.isArray };
  const loader = new PackageLoader({ util });
  const one = loader.load(join(folder, "one.js")) as { util: unknown; two: { one: unknown; self: unknown } };
  expect(one.util).toBe(util);
  expect(one.two.one).toBe(one);
  expect(loader.load(join(folder, "two.js"))).toBe(one.two.self);
});

it("a module that was not given is refused by name", async () => {
  await write("one.js", 'require("fs");');
  const load = () => new PackageLoader({}).load(join(folder, "one.js"));
  expect(load).toThrow(/one\.js asks for "fs", which it is not given\. Run: etude setup native\.$/);
});

it("an error in a file names the file", async () => {
  await write("one.js", "\nnull.length;");
  try {
    new PackageLoader({}).load(join(folder, "one.js"));
    throw new Error("it loaded");
  } catch (error) {
    expect((error as Error).stack).toContain(`${join(folder, "one.js")}:2`);
  }
});
