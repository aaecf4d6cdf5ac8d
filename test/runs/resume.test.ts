import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { temporaryFolder } from "../models/temporary-folder.js";

const trainee = join(import.meta.dirname, "trainee.mjs");

interface Task {
  readonly net: string;
  readonly killAt?: number;
  readonly id?: string;
  readonly options?: object;
}

/** Runs a process of its own; null if it was killed. */
function trained(runs: string, backend: string, task: Task) {
  const env = { ...process.env, ETUDE_RUNS: runs, ETUDE_BACKEND: backend };
  const { stdout, stderr, signal } = spawnSync("node", [trainee, JSON.stringify(task)], { env, encoding: "utf8" });
  if (signal === "SIGKILL") return { result: null, stderr };
  const { id: _, ...result } = JSON.parse(stdout);
  return { result, stderr };
}

function killedRun(runs: string, backend: string, net: string, killAt: number): string {
  const before = new Set(readdirSync(runs));
  expect(trained(runs, backend, { net, killAt }).result).toBeNull();
  return readdirSync(runs).find((name) => !before.has(name) && !name.startsWith("."))!;
}

const checkpointsOf = (runs: string, id: string) =>
  readdirSync(join(runs, id, "checkpoints"))
    .sort((a, b) => Number.parseInt(b.slice(5), 10) - Number.parseInt(a.slice(5), 10))
    .map((name) => join(runs, id, "checkpoints", name));

describe("resume after kill -9, in another process", () => {
  it.each([
    ["wasm", "mlp", [1, 12, 13]],
    ["wasm", "dropout", [5, 24]],
    ["cpu", "dropout", [20]],
    ["wasm", "cnn", [47]],
  ])("on %s, net %s: weights, history and metrics are those of a run without the break", (backend, net, killPoints) => {
    const runs = temporaryFolder();
    const { result: whole } = trained(runs, backend, { net });
    for (const killAt of killPoints) {
      const id = killedRun(runs, backend, net, killAt);
      const { result, stderr } = trained(runs, backend, { net, id });
      expect({ killAt, ...result, stderr }).toEqual({ killAt, ...whole, stderr: "" });
    }
  });

  it.each([
    [
      "a flipped bit",
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 5]! ^= 1;
        writeFileSync(path, bytes);
      },
    ],
    ["a cut", (path: string) => truncateSync(path, 200)],
  ])("%s in the newest checkpoint is seen, and the run goes on from the one before it", (_, damage) => {
    const runs = temporaryFolder();
    const { result: whole } = trained(runs, "wasm", { net: "mlp" });
    const id = killedRun(runs, "wasm", "mlp", 20);
    const [newest, older] = checkpointsOf(runs, id);
    expect(older).toBeDefined();
    damage(newest!);
    const { result, stderr } = trained(runs, "wasm", { net: "mlp", id });
    expect(result).toEqual(whole);
    expect(stderr).toContain(`Run ${id} goes on from the checkpoint before it.`);
  });
});
