// What the typed side costs, beside the completion of ipykernel, Deno and tslab: node bench/language.mjs (build first;
// README.md says how to get the peers). After 100 cells of TensorFlow.js, idle and while a cell computes.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Language } from "../dist/kernel/language/language.js";
import { close, here, kernels, machine, median, open, quantile, round, run, versions } from "./peers.mjs";

const earlierCells = 100;
const rounds = Number(process.env.ROUNDS ?? 30);

/** Eight lines, which use the cell before. */
const tfCell = (n, before = n - 1) => `const model${n} = tf.sequential();
model${n}.add(tf.layers.dense({ units: ${(n % 8) + 1}, activation: "relu", inputShape: [8] }));
model${n}.add(tf.layers.dropout({ rate: 0.1 }));
model${n}.add(tf.layers.dense({ units: 1 }));
const input${n} = tf.ones([4, 8]).mul(tf.scalar(${n}));
const sizes${n}: number[] = input${n}.shape.map((size) => size + ${before < 0 ? 0 : `sizes${before}.length`});
const loss${n} = () => tf.losses.meanSquaredError(tf.zeros([4, 1]), model${n}.predict(input${n}) as tf.Tensor2D);
const layers${n} = model${n}.layers.map((layer) => layer.countParams());`;

const timed = async (work) => {
  const begun = performance.now();
  const result = await work();
  return { ms: performance.now() - begun, result };
};
const spread = (times) => ({ p50: round(quantile(times, 0.5)), p95: round(quantile(times, 0.95)) });

async function inProcess() {
  const folder = mkdtempSync(join(tmpdir(), "etude-bench-"));
  const language = new Language({ folder, libraryTypes: join(here, "..", "dist", "src", "index.d.ts") });
  language.start();
  const { ms: start } = await timed(() => language.available());
  const cell = (n, code) => ({ id: `${n}`, name: `Cell[${n}]`, code });
  const check = async (n, code) => {
    const { ms, result } = await timed(() => language.check(cell(n, code)));
    if (result.length > 0) throw new Error(`a false error in cell ${n}: ${result[0].message}`);
    return ms;
  };
  for (let n = 0; n < earlierCells; n++) {
    await check(n, tfCell(n));
    language.commit(cell(n, tfCell(n)));
  }
  const [ofTfCell, ofOneLine] = [[], []];
  for (let n = earlierCells; n < earlierCells + rounds; n++) {
    ofTfCell.push(await check(n, tfCell(n)));
    language.commit(cell(n, tfCell(n)));
    ofOneLine.push(await check(n, `const size${n} = sizes${n - 1}.map((size) => size + ${n});`));
    await delay(20);
  }
  await language.dispose();
  return { start: round(start), newTfCell: spread(ofTfCell), newLine: spread(ofOneLine) };
}

const ask = {
  complete: (client, code) => client.request("complete_request", { code, cursor_pos: code.length }),
  inspect: (client, code) => client.request("inspect_request", { code, cursor_pos: code.length, detail_level: 0 }),
};
const questions = {
  completion: ["complete", "tf.layers.de", (content) => content.matches.includes("dense")],
  hover: ["inspect", "tf.layers.dense", (content) => content.data["text/plain"].includes("DenseLayerArgs")],
  signature: ["inspect", "tf.layers.dense(", (content) => content.data["text/plain"].includes("DenseLayerArgs")],
};

/** The code differs each time, as it does while one types. */
async function answers(client) {
  const times = Object.fromEntries(Object.keys(questions).map((name) => [name, []]));
  for (let i = 0; i < 2 * rounds; i++) {
    for (const [name, [kind, code, isRight]] of Object.entries(questions)) {
      const { ms, result } = await timed(() => ask[kind](client, `const n = ${i};\n${code}`));
      if (!isRight(result.reply.content)) throw new Error(`a wrong ${name}: ${JSON.stringify(result.reply.content)}`);
      times[name].push(ms);
      await delay(10);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, spread(all)]));
}

async function whileBusy({ client }, measure) {
  const spinning = run(client, "for(;;){}");
  await delay(100);
  const result = await measure();
  await client.request("interrupt_request", {}, { channel: "control" });
  await spinning;
  return result;
}

/** Cells of each policy take turns. `strict` waits for the diagnostics, so what it adds to `off` is what they take. */
async function policies({ client }) {
  const times = { off: [], warn: [], strict: [] };
  let n = earlierCells;
  for (let i = 0; i < rounds; i++) {
    for (const policy of Object.keys(times)) {
      await run(client, `%check ${policy}`);
      await delay(20);
      const { ms } = await timed(() => run(client, tfCell(n, n - 1)));
      times[policy].push(ms);
      n++;
      await delay(60); // the commit of the cell
    }
  }
  const medians = Object.fromEntries(Object.entries(times).map(([policy, all]) => [policy, round(median(all))]));
  return { ...medians, diagnostics: round(medians.strict - medians.off) };
}

/** Resident memory of the kernel's processes in MB. */
function memory({ launched }) {
  const parts = { supervisor: launched.process.pid };
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (statusOf(pid, "PPid") !== launched.process.pid) continue;
    parts[readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--lsp") ? "typescript" : "user"] = pid;
  }
  return Object.fromEntries(Object.entries(parts).map(([part, pid]) => [part, round(statusOf(pid, "VmRSS") / 1024)]));
}

function statusOf(pid, field) {
  try {
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0; // it ended meanwhile
  }
}

const typical = {
  javascript: {
    declare: (i) => `const value${i}: number = ${i};`,
    complete: "Math.flo",
    spin: "{ const until = Date.now() + 2000; while (Date.now() < until); }",
  },
  python: {
    declare: (i) => `value${i}: int = ${i}`,
    complete: "math.flo",
    spin: "import time\nuntil = time.time() + 2\nwhile time.time() < until: pass",
  },
};

async function peer(name) {
  const kernel = await open(name);
  const { client } = kernel;
  const { declare, complete, spin } = typical[kernels[name].language];
  await run(client, "import math");
  for (let i = 0; i < 20; i++) await run(client, declare(i));
  await delay(1500);
  const [declaring, completion] = [[], []];
  let matches = [];
  for (let i = 20; i < 20 + 2 * rounds; i++) {
    declaring.push((await timed(() => run(client, declare(i)))).ms);
    const { ms, result } = await timed(() => ask.complete(client, `${declare(i + 1)}\n${complete}`));
    completion.push(ms);
    matches = result.reply.content.matches;
    await delay(10);
  }
  const spinning = run(client, spin);
  await delay(100);
  const { ms: busy } = await timed(() => ask.complete(client, complete));
  await spinning;
  await close(kernel);
  return {
    declaringCellMs: round(median(declaring)),
    completionMs: matches.some((match) => match.includes("floor")) ? round(median(completion)) : null,
    completionBusyMs: round(busy),
  };
}

const fresh = await open("etude");
await run(fresh.client, "1+1");
const bareUser = memory(fresh).user;
await close(fresh);

const check = await inProcess();

const kernel = await open("etude");
for (let n = 0; n < earlierCells; n++) await run(kernel.client, tfCell(n));
await run(kernel.client, "%check strict\nsizes0.length"); // everything is known when this has run
const idle = await answers(kernel.client);
const busy = await whileBusy(kernel, () => answers(kernel.client));
const cellMs = await policies(kernel);
const memoryMb = { bareUser, ...memory(kernel) };
await close(kernel);

const peers = {};
for (const name of Object.keys(kernels)) peers[name] = await peer(name);

const tslab = createRequire(import.meta.url)("tslab/package.json").version;
const report = {
  date: new Date().toISOString(),
  machine,
  versions: { ...versions, tslab, typescript: createRequire(import.meta.url)("typescript/package.json").version },
  rounds,
  earlierCells,
  checkMs: check,
  idleMs: idle,
  busyMs: busy,
  cellMs,
  memoryMb,
  peers,
};
console.dir({ check, idle, busy, cellMs, memoryMb }, { depth: 3 });
console.table(peers);
writeFileSync(join(here, "results", "language.json"), `${JSON.stringify(report, null, 2)}\n`);
process.exit(0);
