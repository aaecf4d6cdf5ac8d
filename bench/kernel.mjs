// Etude's kernel beside ipykernel and Deno's, in one run: node bench/kernel.mjs (build first; README.md says how to get
// the peers). One zeromq.js client drives all three; the kernels take turns, so a noisy minute hits all of them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { KernelClient } from "../dist/kernel/channels/client.js";
import { launchKernel } from "../dist/kernel/channels/launch.js";

const here = dirname(fileURLToPath(import.meta.url));
const python = process.env.BENCH_PYTHON ?? join(here, ".venv", "bin", "python");
const rounds = Number(process.env.ROUNDS ?? 30);

const loop = { javascript: "while (true) {}", python: "while True: pass" };
const kernels = {
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
};
const printing = {
  javascript: 'for (let i = 0; i < 20000; i++) console.log("line", i);',
  python: "for i in range(20000): print('line', i)",
};
const spinning = {
  javascript: "const until = Date.now() + 8000; while (Date.now() < until);",
  python: "import time\nuntil = time.time() + 8\nwhile time.time() < until: pass",
};

function denoProgram() {
  for (const libc of ["glibc", "musl"]) {
    const program = join(here, "node_modules", "@deno", `linux-${process.arch}-${libc}`, "deno");
    if (existsSync(program)) return program;
  }
  return "deno";
}

async function open(name) {
  // A setting of some machines that costs Node 20 about 40 ms a process to read.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const folder = mkdtempSync(join(tmpdir(), "etude-bench-"));
  const launched = await launchKernel({ argv: kernels[name].argv, folder, env, stdio: "ignore" });
  const spawned = performance.now();
  const client = new KernelClient(launched.connection);
  void client.connect();
  await new Promise((onReply) => void client.request("kernel_info_request", {}, { onReply }).catch(() => {}));
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

const run = (client, code, options) => client.request("execute_request", { code, allow_stdin: false }, options);

async function close({ client, launched }) {
  const ended = new Promise((resolve) => launched.process.once("exit", resolve));
  void client.request("shutdown_request", { restart: false }, { channel: "control" }).catch(() => {});
  await Promise.race([ended, delay(3000)]);
  launched.process.kill("SIGKILL");
  client.close();
  launched.cleanUp();
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
const round = (value) => Math.round(value * 100) / 100;

async function startUp(name) {
  const kernel = await open(name);
  const begun = performance.now();
  await run(kernel.client, "1+1");
  const firstCell = kernel.ready + performance.now() - begun;
  await close(kernel);
  return { ready: kernel.ready, firstCell };
}

async function roundTrips({ client }, count) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    await run(client, "1+1");
    times.push(performance.now() - begun);
  }
  return times;
}

async function lines({ client, name }) {
  const begun = performance.now();
  const { outputs } = await run(client, printing[kernels[name].language]);
  const ms = performance.now() - begun;
  const streams = outputs.filter(({ header }) => header.msg_type === "stream");
  const text = streams.map(({ content }) => content.text).join("");
  await delay(500); // what comes after idle must not count for the next measurement
  return { ms, complete: text.split("\n").length - 1, messages: streams.length };
}

async function heartbeat({ client, name }) {
  const busy = run(client, spinning[kernels[name].language]);
  await delay(100);
  const times = [];
  for (const end = Date.now() + 7500; Date.now() < end; await delay(10)) {
    const begun = performance.now();
    await client.beat();
    times.push(performance.now() - begun);
  }
  await busy;
  return times;
}

async function interrupt({ client, name, launched }) {
  const { language, stop } = kernels[name];
  const running = run(client, loop[language]);
  await delay(60);
  const begun = performance.now();
  if (stop === "signal") launched.process.kill("SIGINT");
  else void client.request("interrupt_request", {}, { channel: "control" }).catch(() => {});
  await running;
  return performance.now() - begun;
}

const names = Object.keys(kernels);
const results = Object.fromEntries(names.map((name) => [name, {}]));
const collect = async (count, measure) => {
  const all = Object.fromEntries(names.map((name) => [name, []]));
  for (let i = 0; i < count; i++) for (const name of names) all[name].push(await measure(name));
  return all;
};

const starts = await collect(rounds, startUp);
for (const name of names) {
  results[name].kernelInfoMs = round(median(starts[name].map(({ ready }) => ready)));
  results[name].firstCellMs = round(median(starts[name].map(({ firstCell }) => firstCell)));
}
const open3 = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await open(name)])));
for (const name of names) await roundTrips(open3[name], 100);
await delay(2000);
const trips = await collect(10, (name) => roundTrips(open3[name], 50));
const beats = await collect(1, (name) => heartbeat(open3[name]));
const stops = await collect(rounds, (name) => interrupt(open3[name]));
// Last: what a kernel still sends after its idle would disturb what is measured next.
const printed = await collect(rounds, (name) => lines(open3[name]));
for (const name of names) {
  results[name].onePlusOneMs = round(median(trips[name].flat()));
  results[name].lines20000Ms = round(median(printed[name].map(({ ms }) => ms)));
  results[name].linesBeforeIdle = median(printed[name].map(({ complete }) => complete));
  results[name].lineMessages = median(printed[name].map(({ messages }) => messages));
  results[name].heartbeatP50Ms = round(quantile(beats[name].flat(), 0.5));
  results[name].heartbeatP99Ms = round(quantile(beats[name].flat(), 0.99));
  results[name].interruptToIdleMs = round(median(stops[name]));
}
await Promise.all(Object.values(open3).map(close));

const ratios = Object.fromEntries(
  ["ipykernel", "deno"].map((peer) => [
    peer,
    Object.fromEntries(
      Object.keys(results.etude)
        .filter((key) => key.endsWith("Ms"))
        .map((key) => [key, round(results.etude[key] / results[peer][key])]),
    ),
  ]),
);
const version = (program, ...args) => spawnSync(program, args, { encoding: "utf8" }).stdout.trim().split("\n")[0];
const report = {
  date: new Date().toISOString(),
  machine: { cpu: cpus()[0].model, cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30) },
  versions: {
    node: process.versions.node,
    ipykernel: version(python, "-c", "import ipykernel; print(ipykernel.__version__)"),
    deno: version(kernels.deno.argv[0], "--version"),
  },
  rounds,
  results,
  ratiosEtudeToPeer: ratios,
};
console.table(results);
console.table(ratios);
writeFileSync(join(here, "results", "kernel.json"), `${JSON.stringify(report, null, 2)}\n`);
process.exit(0);
