// Ends of the user process: node bench/soak/crashes.mjs [times] (build first). Each must be an error of its cell that names
// the cause, and the next cell must run in a fresh process.
import { cleanUp, conclude, evaluate, median, quantile, rounded, shutDown, startKernel } from "./kernel.mjs";

const times = Number(process.argv[2] ?? 20);
const ends = [
  ["process.exit(3)", "process.exit(3)"],
  ["process.abort()", "SIGABRT"],
  ['process.kill(process.pid, "SIGSEGV"); for (;;);', "SIGSEGV"],
  ['process.kill(process.pid, "SIGKILL"); for (;;);', "SIGKILL"],
  ["const all: number[][] = []; for (;;) all.push(new Array(1e5).fill(1.5))", "heap ran out of memory"],
];

const kernel = await startKernel({ env: { NODE_OPTIONS: "--max-old-space-size=64" } });
const rows = [];
for (const [code, cause] of ends) {
  const taken = [];
  let good = 0;
  for (let i = 0; i < times; i++) {
    const begun = performance.now();
    const { reply } = await kernel.client.request("execute_request", { code });
    taken.push(performance.now() - begun);
    const isTold = reply.content.ename === "ProcessEnded" && reply.content.evalue.includes(cause);
    if (isTold && (await evaluate(kernel.client, "6 * 7")) === "42") good++;
  }
  rows.push({ code, times, good, p50Ms: rounded(median(taken)), maxMs: rounded(quantile(taken, 1)) });
}
await shutDown(kernel);
cleanUp(kernel);
conclude(
  "crashes",
  { rows },
  { "every end is told, and the next cell runs": rows.every(({ good }) => good === times) },
);
