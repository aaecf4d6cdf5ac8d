// 200 restarts (ROUNDS=N for fewer) with one connection file, as Jupyter does them: shutdown_request, wait for the end,
// start again, first cell. Every fourth kernel is killed instead, while it computes.
import { readdirSync, readFileSync } from "node:fs";
import {
  cleanUp,
  conclude,
  evaluate,
  openFiles,
  quantile,
  rounded,
  shutDown,
  startAgain,
  startKernel,
} from "./kernel.mjs";

const rounds = Number(process.env.ROUNDS ?? 200);

/** The command lines of all processes that `folder` is in: those of this run. */
function leftOver(mark) {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark);
    } catch {
      return false; // it has just ended, or belongs to somebody else
    }
  });
}

function zombies() {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      const [state, parent] = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1].split(" ");
      return state === "Z" && Number(parent) === process.pid;
    } catch {
      return false;
    }
  });
}

async function waitUntilGone(mark) {
  const begun = performance.now();
  while (leftOver(mark).length > 0 && performance.now() - begun < 5000)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return { ms: performance.now() - begun, left: leftOver(mark).length };
}

const onLinux = process.platform === "linux";
let kernel = await startKernel();
await evaluate(kernel.client, "1+1");
const before = { files: openFiles(process.pid) };
const starts = [];
const ends = [];
let failures = 0;
let outlived = 0;
for (let i = 0; i < rounds; i++) {
  // The typed and the killed kernels too: TypeScript is up after a moment, and must go as well.
  if (i % 4 === 3) {
    kernel.client.request("execute_request", { code: "while (true) {}" }).catch(() => {});
    await kernel.client.request("kernel_info_request", {});
    kernel.launched.process.kill("SIGKILL");
    await kernel.ended;
    kernel.client.close();
  } else await shutDown(kernel, true);
  if (onLinux) {
    const { ms, left } = await waitUntilGone(kernel.folder);
    ends.push(ms);
    outlived += left;
  }
  const begun = performance.now();
  try {
    kernel = await startAgain(kernel);
    if ((await evaluate(kernel.client, "1+1")) !== "2") failures++;
  } catch (error) {
    failures++;
    console.error(`round ${i}: ${error.message}`);
    break;
  }
  starts.push(performance.now() - begun);
}
const after = { files: openFiles(process.pid) };
const zombieCount = onLinux ? zombies().length : undefined;
await shutDown(kernel);
cleanUp(kernel);

const startMs = {
  p50: rounded(quantile(starts, 0.5)),
  p95: rounded(quantile(starts, 0.95)),
  max: rounded(Math.max(...starts)),
};
const othersGoneMs = onLinux ? { p50: rounded(quantile(ends, 0.5)), max: rounded(Math.max(...ends)) } : undefined;
conclude(
  "restarts",
  { rounds, startMs, othersGoneMs, failures, outlived, zombies: zombieCount, before, after },
  {
    "every restart works": failures === 0 && starts.length === rounds,
    "a start to the first result takes 1.5 s at most (p95)": startMs.p95 <= 1500,
    "nothing outlives its kernel by 2 s": outlived === 0 && (othersGoneMs?.max ?? 0) <= 2000,
    "no zombies": !zombieCount,
    "no file stays open": before.files === undefined || after.files <= before.files + 10,
  },
);
