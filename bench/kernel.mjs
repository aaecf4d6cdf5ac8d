// Etude's kernel beside ipykernel and Deno's, in one run: node bench/kernel.mjs (build first; README.md says how to get
// the peers). One zeromq.js client drives all three; the kernels take turns, so a noisy minute hits all of them.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { close, here, kernels, machine, median, open, quantile, round, run, versions } from "./peers.mjs";

const rounds = Number(process.env.ROUNDS ?? 30);

const loop = { javascript: "while (true) {}", python: "while True: pass" };
const printing = {
  javascript: 'for (let i = 0; i < 20000; i++) console.log("line", i);',
  python: "for i in range(20000): print('line', i)",
};
const spinning = {
  javascript: "const until = Date.now() + 8000; while (Date.now() < until);",
  python: "import time\nuntil = time.time() + 8\nwhile time.time() < until: pass",
};

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

const names = ["etude", "ipykernel", "deno"];
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
const report = {
  date: new Date().toISOString(),
  machine,
  versions,
  rounds,
  results,
  ratiosEtudeToPeer: ratios,
};
console.table(results);
console.table(ratios);
writeFileSync(join(here, "results", "kernel.json"), `${JSON.stringify(report, null, 2)}\n`);
process.exit(0);
