// Output storms: node bench/soak/output.mjs (build first; Linux, since it reads /proc). Writes
// bench/results/soak-output.json, prints the same, and ends with code 1 when something is broken. SECONDS=10 shortens
// the minute of chart updates.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { Dealer } from "zeromq";
import { KernelClient } from "../../dist/kernel/channels/client.js";
import { launchKernel } from "../../dist/kernel/channels/launch.js";

const quantile = (values, q) => round(values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? 0);
const round = (value) => Math.round(value * 10) / 10;

if (!isMainThread) {
  await beat();
  process.exit();
}

async function beat() {
  const dealer = new Dealer({ linger: 0 });
  dealer.connect(workerData);
  let times = [];
  let isOver = false;
  parentPort.on("message", (asked) => {
    isOver = asked === "end";
    parentPort.postMessage({ p50: quantile(times, 0.5), p99: quantile(times, 0.99), max: round(Math.max(...times)) });
    times = [];
  });
  for (; !isOver; await delay(10)) {
    const begun = performance.now();
    await dealer.send(["", "beat"]);
    await dealer.receive();
    times.push(performance.now() - begun);
  }
  dealer.close();
}

const here = dirname(fileURLToPath(import.meta.url));
const seconds = Number(process.env.SECONDS ?? 60);
const folder = mkdtempSync(join(tmpdir(), "etude-soak-"));
const launched = await launchKernel({
  argv: [process.execPath, join(here, "..", "..", "dist", "kernel", "main.js"), "{connection_file}"],
  folder,
  env: { ...process.env, TMPDIR: folder },
  stdio: "inherit",
});
const client = new KernelClient(launched.connection);
await client.connect();
const { ip, hb_port } = launched.connection;
const beats = new Worker(new URL(import.meta.url), { workerData: `tcp://${ip}:${hb_port}` });

/** Resident memory of the supervisor in MB: now, and the most since the last call of `resetPeak`. */
function memory() {
  const status = readFileSync(`/proc/${launched.process.pid}/status`, "utf8");
  const of = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024);
  return { now: of("VmRSS"), peak: of("VmHWM") };
}

function resetPeak() {
  writeFileSync(`/proc/${launched.process.pid}/clear_refs`, "5");
}

/** Asks for the heartbeats since the last call: what this thread has to receive must not count. */
function heartbeats() {
  return new Promise((resolve) => {
    beats.once("message", resolve);
    beats.postMessage("times");
  });
}

/** The most in any 3 s of what jupyter_server counts, by when the kernel sent it. */
function most(sent) {
  let first = 0;
  let bytes = 0;
  const result = { messages: 0, streamBytes: 0 };
  sent.forEach((message, i) => {
    for (; sent[first].at + 3000 <= message.at; first++) bytes -= sent[first].bytes;
    bytes += message.bytes;
    result.messages = Math.max(result.messages, i - first + 1);
    result.streamBytes = Math.max(result.streamBytes, bytes);
  });
  return result;
}

async function storm(code, { stopAfterMs } = {}) {
  resetPeak();
  const before = memory();
  const sent = [];
  const onOutput = ({ header, parent, content }) => {
    if (header.msg_type === "status" || header.msg_type === "execute_input") return;
    const isStream = header.msg_type === "stream";
    const bytes = isStream ? Buffer.byteLength(JSON.stringify([header, parent, content])) : 0;
    sent.push({ at: Date.parse(header.date), bytes });
  };
  await heartbeats();
  const begun = performance.now();
  const running = client.request("execute_request", { code, allow_stdin: false }, { onOutput });
  let stopped;
  if (stopAfterMs !== undefined) {
    await delay(stopAfterMs);
    stopped = performance.now();
    void client.request("interrupt_request", {}, { channel: "control" });
  }
  const { reply, outputs } = await running;
  const ended = performance.now();
  const heartbeatMs = await heartbeats();
  const after = memory();
  const text = outputs.map(({ header, content }) => (header.msg_type === "stream" ? content.text : "")).join("");
  return {
    text,
    outputs,
    status: reply.content.ename ?? reply.content.status,
    summary: {
      seconds: round((ended - begun) / 1000),
      ...(stopped === undefined ? {} : { stopToIdleMs: round(ended - stopped) }),
      messages: sent.length,
      mostIn3s: most(sent),
      supervisorMb: { before: before.now, after: after.now, peak: after.peak },
      heartbeatMs,
    },
  };
}

const failures = [];
const results = {};

/** Notes one storm and what was expected of it. */
function note(name, { summary }, expected) {
  const { mostIn3s, supervisorMb } = summary;
  const always = {
    "under the rate limits": mostIn3s.messages <= 2500 && mostIn3s.streamBytes <= 2.5e6,
    "at most 300 MB more": supervisorMb.peak - supervisorMb.before <= 300,
    "heartbeat alive": summary.heartbeatMs.max <= 1000,
  };
  const broken = Object.entries({ ...always, ...expected }).filter(([, holds]) => !holds);
  for (const [what] of broken) failures.push(`${name}: ${what}`);
  results[name] = summary;
}

const numbered = (count) => Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");
const printed = (count) => `for (let i = 0; i < ${count}; i++) console.log("line", i);`;
const spilled = (text) => readFileSync(/ are in (\S+), a temporary file/.exec(text)?.[1] ?? "/dev/null");

await client.request("execute_request", { code: "let kept = 42" });
await delay(2000); // TypeScript starts beside it

const few = await storm(printed(20_000));
const next = await storm('console.log("next")');
note("20,000 lines, then a next cell", few, {
  "all lines in the first cell": few.text === numbered(20_000),
  "its own line in the next": next.text === "next\n",
  "at most 40 messages": few.summary.messages <= 40,
});

const some = await storm(printed(100_000));
note("100,000 lines", some, {
  "all lines": some.text === numbered(100_000),
  "at most 100 messages": some.summary.messages <= 100,
  "at most 5 s": some.summary.seconds <= 5,
});

const many = await storm(printed(1_000_000));
note("1,000,000 lines", many, {
  "the tail": many.text.endsWith("line 999999\n"),
  "all in the file": spilled(many.text).equals(Buffer.from(numbered(1_000_000))),
});

const wide = await storm('const line = "x".repeat(99); for (let i = 0; i < 1e6; i++) console.log(line);');
note("100 MB in 1,000,000 lines", wide, { "all in the file": spilled(wide.text).length === 100_000_000 });

const large = await storm('console.log(("x".repeat(99) + "\\n").repeat(1e6))');
note("100 MB in one print", large, {
  "all in the file": spilled(large.text).length === 100_000_001,
  "at most 5 s": large.summary.seconds <= 5,
});

const endless = await storm('let i = 0; for (;;) console.log("line", i++)', { stopAfterMs: 5000 });
note("5 s of an endless print, then Stop", endless, {
  stopped: endless.status === "Interrupted",
  "idle within 500 ms": endless.summary.stopToIdleMs <= 500,
});

const shown = await storm("for (let i = 0; i < 10_000; i++) display(i)");
const values = shown.outputs.flatMap(({ header, content }) =>
  header.msg_type === "display_data" ? [content.data["text/plain"]] : [],
);
note("10,000 displays", shown, {
  "all in order": values.join() === Array.from({ length: 10_000 }, (_, i) => i).join(),
});

const charts = await storm(`
  const rows = Array.from({ length: 1000 }, (_, x) => ({ x, y: Math.sin(x) }));
  const place = display("chart");
  const chart = (n: number) => ({ [Symbol.for("Jupyter.display")]: () => ({
    "application/vnd.vegalite.v5+json": { data: { values: rows }, mark: "line", title: String(n) }, "text/plain": String(n) }) });
  let n = 0;
  for (const end = Date.now() + ${seconds * 1000}; Date.now() < end; await new Promise((r) => setTimeout(r, 1))) place.update(chart(++n));
  n`);
const updates = charts.outputs.filter(({ header }) => header.msg_type === "update_display_data");
const last = charts.outputs.find(({ header }) => header.msg_type === "execute_result")?.content.data["text/plain"];
note(`${seconds} s of chart updates`, charts, {
  "at most 20 a second": updates.length <= 20 * (charts.summary.seconds + 1),
  "the last one": updates.at(-1)?.content.data["text/plain"] === last,
});

const state = await storm("kept");
const alive = state.outputs.some(({ content }) => content.data?.["text/plain"] === "42");
if (!alive) failures.push("the state was lost");

beats.postMessage("end");
await new Promise((resolve) => beats.once("exit", resolve));
const ended = new Promise((resolve) => launched.process.once("exit", resolve));
void client.request("shutdown_request", { restart: false }, { channel: "control" }).catch(() => {});
await ended;
client.close();
launched.cleanUp();
rmSync(folder, { recursive: true });

const machine = { cpu: cpus()[0].model, cores: cpus().length, load: loadavg().map(round), node: process.versions.node };
const report = { date: new Date().toISOString(), machine, results, failures };
writeFileSync(join(here, "..", "results", "soak-output.json"), `${JSON.stringify(report, null, 2)}\n`);
console.log(JSON.stringify(report, null, 2));
process.exit(failures.length === 0 ? 0 : 1);
