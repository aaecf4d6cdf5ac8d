import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { backendText, chosenBackend } from "../../../src/engine/backend-choice.js";
import {
  findInstallation,
  type Installation,
  installationIn,
  nativeVersions,
} from "../../../src/engine/native/installation.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "etude-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function install(change: Partial<Installation> = {}): Promise<void> {
  const installation: Installation = { device: "cpu", versions: nativeVersions, files: { "lib/a.so": 3 }, ...change };
  await writeFile(join(folder, "installation.json"), JSON.stringify(installation));
  await mkdir(join(folder, "lib"));
  await writeFile(join(folder, "lib", "a.so"), "abc");
}

describe("an installation of the native backend", () => {
  it("is absent where there is no folder", () => {
    expect(findInstallation(join(folder, "none"))).toEqual({ state: "absent" });
  });

  it("is ready when every listed file has its size", async () => {
    await install();
    expect(findInstallation(folder)).toMatchObject({ state: "ready", installation: { device: "cpu" } });
  });

  it.each([
    [{ files: { "lib/a.so": 4 } }, "lib/a.so is cut short or changed"],
    [{ files: { "lib/b.so": 4 } }, "lib/b.so is missing"],
    [{ versions: { ...nativeVersions, tensorflow: "2.10.0" } }, "it has tensorflow 2.10.0 instead of 2.21.0"],
  ])("with %j is broken", async (change, reason) => {
    await install(change as Partial<Installation>);
    expect(findInstallation(folder)).toEqual({ state: "broken", reason });
  });

  it("without its list is broken", () => {
    expect(findInstallation(folder)).toMatchObject({
      state: "broken",
      reason: expect.stringContaining("cannot be read"),
    });
  });

  it("with a list that is no list is broken", async () => {
    await writeFile(join(folder, "installation.json"), "null");
    expect(findInstallation(folder)).toMatchObject({
      state: "broken",
      reason: expect.stringContaining("cannot be read"),
    });
  });

  it("says the command to whoever wants to load it and cannot", () => {
    expect(() => installationIn(join(folder, "none"))).toThrow(
      "tf: the tensorflow backend is not installed. Run: etude setup native, or unset ETUDE_BACKEND to stay on wasm.",
    );
    expect(() => installationIn(folder)).toThrow(/is broken \(.* cannot be read\)\. Repair it: etude setup native\.$/);
  });
});

describe("the choice of a backend", () => {
  const { ETUDE_BACKEND, ETUDE_NATIVE } = process.env;
  afterEach(() => {
    Object.assign(process.env, { ETUDE_BACKEND: ETUDE_BACKEND ?? "", ETUDE_NATIVE: ETUDE_NATIVE ?? "" });
  });
  const choose = (name: string) => Object.assign(process.env, { ETUDE_BACKEND: name, ETUDE_NATIVE: folder });

  it("is wasm without ETUDE_BACKEND", () => {
    choose("");
    expect([chosenBackend(), backendText()]).toEqual(["wasm", "tensors on wasm"]);
  });

  it("refuses a name that is none", () => {
    choose("cuda");
    const sentence =
      'tf: the environment variable ETUDE_BACKEND must be one of "wasm", "cpu", "tensorflow", got "cuda".';
    expect(() => chosenBackend()).toThrow(sentence);
    expect(backendText()).toBe(`no tensors: ${sentence}`);
  });

  it("tells TensorFlow's version and device", async () => {
    choose("tensorflow");
    await install({ device: "gpu" });
    expect(backendText()).toBe("tensors on TensorFlow 2.21.0 (GPU)");
  });

  it("tells the command where TensorFlow is not whole", () => {
    choose("tensorflow");
    expect(backendText()).toBe("no tensors: the tensorflow backend is broken, run etude setup native");
  });
});
