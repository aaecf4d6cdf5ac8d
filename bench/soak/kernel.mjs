// What the soak runs share: a kernel to drive, figures about its processes, and the summary at the end.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { KernelClient } from "../../dist/kernel/channels/client.js";
import { launchKernel } from "../../dist/kernel/channels/launch.js";

const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, "..", "..", "dist", "kernel", "main.js");

/**
 * Starts a kernel in a folder of its own; `ended` settles with its exit code or signal.
 * @param node - The Node that runs it.
 */
export async function startKernel({ node = process.execPath, env: own, ...options } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "etude-soak-"));
  const env = { ...process.env, XDG_DATA_HOME: folder, ...own };
  const argv = [node, program, "{connection_file}"];
  return follow(await launchKernel({ argv, folder, env, stdio: "ignore", ...options }), folder);
}

/** Starts a kernel that has ended once more, with the same connection file. */
export function startAgain({ launched, folder }) {
  return follow(launched.startAgain(), folder);
}

async function follow(launched, folder) {
  const ended = new Promise((resolve) => launched.process.once("exit", (code, signal) => resolve(signal ?? code)));
  return { launched, folder, ended, client: await connect(launched, ended) };
}

export async function connect({ connection }, ended) {
  const client = new KernelClient(connection);
  ended.then((how) => client.fail(new Error(`the kernel ended: ${how}`)));
  await Promise.race([client.connect(), ended.then((how) => Promise.reject(new Error(`the kernel ended: ${how}`)))]);
  return client;
}

/** Asks the kernel to end and waits until it has. */
export async function shutDown({ client, ended }, restart = false) {
  client.request("shutdown_request", { restart }, { channel: "control" }).catch(() => {}); // it may go without a word
  await ended;
  client.close();
}

export function cleanUp({ launched, folder }) {
  launched.cleanUp();
  rmSync(folder, { recursive: true, force: true });
}

/** Runs a cell and returns the text of its result. */
export async function evaluate(client, code) {
  const { outputs } = await client.request("execute_request", { code, store_history: false });
  return outputs.find(({ header }) => header.msg_type === "execute_result")?.content.data["text/plain"];
}

/** How many files a process has open; undefined where the system does not say. */
export function openFiles(pid) {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}

/** Resident memory of a process in MB; undefined where the system does not say. */
export function residentMb(pid) {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024);
  } catch {
    return undefined;
  }
}

export const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
export const median = (values) => quantile(values, 0.5);
export const rounded = (value) => Math.round(value * 100) / 100;

/** Prints the summary, keeps it in bench/results, and ends with 1 if a promise is broken. */
export function conclude(name, figures, promises) {
  const broken = Object.keys(promises).filter((promise) => !promises[promise]);
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.versions.node };
  const text = JSON.stringify({ name, date: new Date().toISOString(), machine, figures, broken }, null, 2);
  console.log(text);
  const results = join(here, "..", "results");
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `soak-${name}.json`), `${text}\n`);
  process.exit(broken.length > 0 ? 1 : 0);
}
