// The kernels to measure beside each other, and how to start, ask and end one.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { KernelClient } from "../dist/kernel/channels/client.js";
import { launchKernel } from "../dist/kernel/channels/launch.js";

export const here = dirname(fileURLToPath(import.meta.url));
export const python = process.env.BENCH_PYTHON ?? join(here, ".venv", "bin", "python");

export const kernels = {
  etude: {
    argv: [process.execPath, join(here, "..", "dist", "kernel", "main.js"), "{connection_file}"],
    language: "javascript",
    stop: "message",
  },
  ipykernel: {
    argv: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    language: "python",
    stop: "signal",
  },
  deno: {
    argv: [denoProgram(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    language: "javascript",
    stop: "message",
  },
  tslab: {
    argv: [
      process.execPath,
      join(here, "node_modules", "tslab", "bin", "tslab"),
      "kernel",
      "--config-path",
      "{connection_file}",
    ],
    language: "javascript",
    stop: "signal",
  },
};

function denoProgram() {
  for (const libc of ["glibc", "musl"]) {
    const program = join(here, "node_modules", "@deno", `linux-${process.arch}-${libc}`, "deno");
    if (existsSync(program)) return program;
  }
  return "deno";
}

/** @param settings - Environment variables of the kernel. */
export async function open(name, settings = {}) {
  // A setting of some machines that costs Node 20 about 40 ms a process to read.
  const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
  const folder = mkdtempSync(join(tmpdir(), "etude-bench-"));
  const env = { ...inherited, ...settings };
  const launched = await launchKernel({ argv: kernels[name].argv, folder, env, stdio: "ignore" });
  const spawned = performance.now();
  const client = new KernelClient(launched.connection);
  void client.connect();
  await new Promise((onReply, onGone) => {
    launched.process.once("exit", () => onGone(new Error(`${name} ended before it answered`)));
    void client.request("kernel_info_request", {}, { onReply }).catch(() => {});
  });
  const ready = performance.now() - spawned;
  // The first idle may have come before the iopub subscription; ask until one is heard.
  for (let heard = false; !heard; ) {
    const again = client.request("kernel_info_request", {}).then(
      () => true,
      () => false,
    );
    heard = await Promise.race([again, delay(200, false)]);
  }
  return { name, client, launched, ready };
}

export const run = (client, code, options) => client.request("execute_request", { code, allow_stdin: false }, options);

export async function close({ client, launched }) {
  const ended = new Promise((resolve) => launched.process.once("exit", resolve));
  void client.request("shutdown_request", { restart: false }, { channel: "control" }).catch(() => {});
  await Promise.race([ended, delay(3000)]);
  launched.process.kill("SIGKILL");
  client.close();
  launched.cleanUp();
}

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
export const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
export const round = (value) => Math.round(value * 100) / 100;

export const machine = { cpu: cpus()[0].model, cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30) };
/** Nothing where the peer is not installed, which matters only to a bench that starts it. */
const version = (program, ...args) => spawnSync(program, args, { encoding: "utf8" }).stdout?.trim().split("\n")[0];
export const versions = {
  node: process.versions.node,
  ipykernel: version(python, "-c", "import ipykernel; print(ipykernel.__version__)"),
  deno: version(kernels.deno.argv[0], "--version"),
};
