// A long session: node bench/soak/session.mjs [cells] (build first). Small typed cells, memory of the three processes and
// the time of a cell from beginning to end; then 1,000 charts, and a training cell again and again.
import { readFileSync } from "node:fs";
import { cleanUp, conclude, median, openFiles, residentMb, rounded, shutDown, startKernel } from "./kernel.mjs";

const cells = Number(process.argv[2] ?? 10_000);
const charts = 1_000;
const trainings = 200;
const block = cells / 10;

const kernel = await startKernel();
const supervisor = kernel.launched.process.pid;
const run = (code) => kernel.client.request("execute_request", { code });

function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

function memoryMb() {
  const kindOf = (pid) => (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--lsp") ? "typescript" : "user");
  const children = childrenOf(supervisor).map((pid) => [kindOf(pid), residentMb(pid)]);
  return { supervisor: residentMb(supervisor), ...Object.fromEntries(children) };
}

async function timed(code) {
  const begun = performance.now();
  const { reply } = await run(code);
  if (reply.content.status !== "ok") throw new Error(`${code}: ${reply.content.evalue}`);
  return performance.now() - begun;
}

await run("const kept = { value: 42 }; function double(x: number): number { return 2 * x }");
const rows = [];
const bare = memoryMb();
for (let done = 0; done < cells; done += block) {
  const times = [];
  for (let i = done; i < done + block; i++) {
    const name = `value${i % 50}`;
    times.push(await timed(`const ${name}: number = double(${i}); console.log(${name}); ${name} + kept.value`));
  }
  rows.push({ cells: done + block, medianMs: rounded(median(times)), ...memoryMb() });
  console.log(JSON.stringify(rows.at(-1)));
}
const beforeCharts = memoryMb();
for (let i = 0; i < charts; i++) await timed("lineChart([{ x: 1, y: 2 }, { x: 2, y: 3 }], { x: 'x', y: 'y' })");
const afterCharts = memoryMb();

await run(
  "const x = Array.from({ length: 64 }, (_, i) => [i / 64, 1 - i / 64]); const y = x.map(([a]) => (a! > 0.5 ? 1 : 0));",
);
const train =
  'const model = mlp({ inputs: 2, outputs: 2, seed: 1 }); const run = await fit(model, { train: { x, y }, loss: "crossEntropy", epochs: 2 }); tf.memory().numTensors';
const tensors = [];
for (let i = 0; i < trainings; i++) {
  const { outputs } = await run(train);
  tensors.push(Number(outputs.find(({ header }) => header.msg_type === "execute_result")?.content.data["text/plain"]));
}
const afterTrainings = memoryMb();
const files = openFiles(supervisor);
await shutDown(kernel);
cleanUp(kernel);
const at = (count) => rows.find((row) => row.cells >= count);
const growthMb = Object.fromEntries(
  ["supervisor", "user", "typescript"].map((name) => [name, rounded(rows.at(-1)[name] - at(cells / 10)[name])]),
);
const total = rounded(growthMb.supervisor + growthMb.user + growthMb.typescript);
conclude(
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
    supervisorFiles: files,
  },
  {
    "10,000 cells grow all processes together by at most 60 MB": total <= 60,
    "a cell is not slower at the end": rows.at(-1).medianMs <= 1.5 * rows[0].medianMs,
  },
);
