// Kills in the midst of checkpointing: node bench/soak/resume.mjs [times] [backend] (build first). Each time a process that writes a
// checkpoint at every step is killed with SIGKILL at a random moment, and another one goes on to the end: nothing may be torn,
// and weights and history must be those of a run without the break.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const times = Number(process.argv[2] ?? 1000);
const backend = process.argv[3] ?? "wasm";
const trainee = join(import.meta.dirname, "../../test/runs/trainee.mjs");
const folder = mkdtempSync(join(tmpdir(), "etude-resume-"));
const env = { ...process.env, ETUDE_RUNS: folder, ETUDE_BACKEND: backend };
const task = { net: "dropout", epochs: 40, options: { checkpoint: { everySteps: 1 } } };
const resultOf = (stdout) => JSON.stringify({ ...JSON.parse(stdout), id: null });

const begunMs = performance.now();
const whole = spawnSync("node", [trainee, JSON.stringify(task)], { env, encoding: "utf8" });
const wholeMs = performance.now() - begunMs;
const expected = resultOf(whole.stdout);
const counts = { killed: 0, equal: 0, torn: 0, notBegun: 0, wasOver: 0 };
for (let i = 0; i < times; i++) {
  const before = new Set(readdirSync(folder));
  const child = spawn("node", [trainee, JSON.stringify(task)], { env, stdio: "ignore" });
  const timer = setTimeout(() => child.kill("SIGKILL"), wholeMs * (0.3 + 0.7 * Math.random()));
  const signal = await new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
  clearTimeout(timer);
  const id = readdirSync(folder).find((name) => !before.has(name) && !name.startsWith("."));
  if (signal !== "SIGKILL") continue;
  counts.killed++;
  if (id === undefined || readdirSync(join(folder, id, "checkpoints"), { recursive: true }).length === 0) {
    counts.notBegun++;
    continue;
  }
  const resumed = spawnSync("node", [trainee, JSON.stringify({ ...task, id, options: {} })], { env, encoding: "utf8" });
  if (/not a whole|damaged/.test(resumed.stderr)) counts.torn++;
  if (/ is completed and has /.test(resumed.stderr)) counts.wasOver++;
  else if (resumed.status === 0 && resultOf(resumed.stdout) === expected) counts.equal++;
  else console.log(resumed.stderr || "differs", id);
}
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ backend, times, ...counts }));
process.exitCode = counts.torn === 0 && counts.equal === counts.killed - counts.notBegun - counts.wasOver ? 0 : 1;
