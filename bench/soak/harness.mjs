// What the long reliability runs share: a kernel to drive, medians, and a report as JSON.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KernelClient } from "../../dist/kernel/channels/client.js";
import { launchKernel } from "../../dist/kernel/channels/launch.js";

const program = fileURLToPath(new URL("../../dist/kernel/main.js", import.meta.url));

/** A kernel in a folder of its own. */
export async function startKernel({ node = process.execPath, env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "etude-soak-"));
  const launched = await launchKernel({
    argv: [node, program, "{connection_file}"],
    folder,
    env: { ...process.env, XDG_DATA_HOME: folder, ...env },
    stdio: "ignore",
  });
  const client = new KernelClient(launched.connection);
  await client.connect();
  const ended = new Promise((resolve) => launched.process.once("exit", resolve));
  const remove = () => {
    client.close();
    launched.cleanUp();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    client,
    launched,
    folder,
    run: (code, options) => client.request("execute_request", { code }, options),
    async stop() {
      void client.request("shutdown_request", { restart: false }, { channel: "control" }).catch(() => {});
      await ended;
      remove();
    },
    kill() {
      launched.process.kill("SIGKILL");
      remove();
    },
  };
}

export const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
export const median = (values) => quantile(values, 0.5);
export const round = (value) => Math.round(value * 100) / 100;

/** Prints the summary, keeps it in bench/results, and ends with code 1 when the promise is broken. */
export function report(name, summary, isKept) {
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.versions.node };
  const text = JSON.stringify({ date: new Date().toISOString(), machine, isKept, ...summary }, null, 2);
  console.log(text);
  writeFileSync(new URL(`../results/soak-${name}.json`, import.meta.url), `${text}\n`);
  process.exit(isKept ? 0 : 1);
}
