// A long session: node bench/soak/session.mjs [cells] (build first). Small typed cells, memory of the three processes and
// the time of a cell from beginning to end; then 1,000 charts, and a training cell again and again.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { median, report, round, startKernel } from "./harness.mjs";

const cells = Number(process.argv[2] ?? 10_000);
const charts = 1_000;
const trainings = 200;
const block = cells / 10;

const kernel = await startKernel();
const supervisor = kernel.launched.process.pid;
const children = String(execFileSync("pgrep", ["-P", String(supervisor)]))
  .trim()
  .split("\n")
  .map(Number);
const kindOf = (pid) => (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--lsp") ? "typescript" : "user");

function memoryMb() {
  const pids = String(execFileSync("pgrep", ["-P", String(supervisor)]))
    .trim()
    .split("\n");
  const of = (pid) => round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024);
  return { supervisor: of(supervisor), ...Object.fromEntries(pids.map((pid) => [kindOf(pid), of(pid)])) };
}

async function timed(code) {
  const begun = performance.now();
  const { reply } = await kernel.run(code);
  if (reply.content.status !== "ok") throw new Error(`${code}: ${reply.content.evalue}`);
  return performance.now() - begun;
}

await kernel.run("const kept = { value: 42 }; function double(x: number): number { return 2 * x }");
const rows = [];
const bare = memoryMb();
for (let done = 0; done < cells; done += block) {
  const times = [];
  for (let i = done; i < done + block; i++) {
    const name = `value${i % 50}`;
    times.push(await timed(`const ${name}: number = double(${i}); console.log(${name}); ${name} + kept.value`));
  }
  rows.push({ cells: done + block, medianMs: round(median(times)), ...memoryMb() });
  console.log(JSON.stringify(rows.at(-1)));
}
const beforeCharts = memoryMb();
for (let i = 0; i < charts; i++) await timed("lineChart([{ x: 1, y: 2 }, { x: 2, y: 3 }], { x: 'x', y: 'y' })");
const afterCharts = memoryMb();

await kernel.run(
  "const x = Array.from({ length: 64 }, (_, i) => [i / 64, 1 - i / 64]); const y = x.map(([a]) => (a! > 0.5 ? 1 : 0));",
);
const train =
  'const model = mlp({ inputs: 2, outputs: 2, seed: 1 }); const run = await fit(model, { train: { x, y }, loss: "crossEntropy", epochs: 2 }); tf.memory().numTensors';
const tensors = [];
for (let i = 0; i < trainings; i++) {
  const { outputs } = await kernel.run(train);
  tensors.push(Number(outputs.find(({ header }) => header.msg_type === "execute_result")?.content.data["text/plain"]));
}
const afterTrainings = memoryMb();
const openFiles = String(execFileSync("ls", [`/proc/${supervisor}/fd`]))
  .trim()
  .split("\n").length;
await kernel.stop();
const at = (count) => rows.find((row) => row.cells >= count);
const growthMb = Object.fromEntries(
  ["supervisor", "user", "typescript"].map((name) => [name, round(rows.at(-1)[name] - at(cells / 10)[name])]),
);
const total = round(growthMb.supervisor + growthMb.user + growthMb.typescript);
report(
  "session",
  {
    cells,
    bare,
    rows,
    growthMb,
    totalGrowthMb: total,
    beforeCharts,
    afterCharts,
    afterTrainings,
    tensorsAfterFirst: tensors[0],
    tensorsAfterLast: tensors.at(-1),
    openFiles,
    processes: children.length,
  },
  total <= 60 && rows.at(-1).medianMs <= 1.5 * rows[0].medianMs,
);
