import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Finding } from "./finding.js";
import { HeadlessKernel } from "./headless-kernel.js";
import { searchedFolders } from "./jupyter-paths.js";
import { isOurs, type Kernelspec, readKernelspec } from "./kernelspec.js";
import type { CellOutput } from "./notebook-file.js";
import { isAtLeast } from "./version.js";

const reinstall = "Install Etude again: npm ci in a checkout, npm install etude-ml elsewhere.";

export async function checkNode(): Promise<Finding[]> {
  const { node } = process.versions;
  if (isAtLeast(node, "20")) return [{ ok: true, what: `Node.js ${node} (${process.execPath})` }];
  return [{ ok: false, what: `Node.js ${node} is older than 20`, repair: "Install Node.js 20 or newer." }];
}

export async function checkZeromq(): Promise<Finding[]> {
  try {
    await import("../channels/client.js");
    return [{ ok: true, what: "ZeroMQ loads" }];
  } catch (error) {
    return [{ ok: false, what: `ZeroMQ does not load: ${(error as Error).message}`, repair: reinstall }];
  }
}

export async function checkTypeScript(): Promise<Finding[]> {
  try {
    const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, "--version"]);
    return [{ ok: true, what: `TypeScript ${stdout.trim().replace("Version ", "")}` }];
  } catch (error) {
    return [{ ok: false, what: `TypeScript does not start: ${(error as Error).message}`, repair: reinstall }];
  }
}

/** Starts a real kernel, as a notebook would, and asks it which backend its tensors live on. */
export async function checkKernel(): Promise<Finding[]> {
  try {
    const kernel = await HeadlessKernel.start(tmpdir());
    try {
      const { outputs, reply } = kernel.run("tf.zeros([1]).dataSync(); tf.getBackend()");
      const answer = await reply;
      if (answer.status === "error") throw new Error(`${answer.ename}: ${answer.evalue}`);
      return [{ ok: true, what: `a kernel starts and computes on the backend ${resultOf(outputs.outputs)}` }];
    } finally {
      await kernel.stop();
    }
  } catch (error) {
    const repair = process.env.ETUDE_BACKEND ? "Do what it says, or unset ETUDE_BACKEND to use wasm." : reinstall;
    return [{ ok: false, what: `a kernel does not work: ${(error as Error).message}`, repair }];
  }
}

/** Every kernelspec of ours that Jupyter finds must name a Node and a kernel that are still there. */
export async function checkKernelspecs(): Promise<Finding[]> {
  const folders = searchedFolders().map((folder) => join(folder, "kernels", "etude"));
  const specs = await Promise.all(folders.map(readKernelspec));
  const found = specs.flatMap((spec, i) => (spec && isOurs(spec) ? [judge(folders[i]!, spec)] : []));
  if (found.length > 0) return found;
  return [
    { ok: true, what: "no kernelspec installed: etude lab brings its own, etude install adds one to your Jupyter" },
  ];
}

function judge(folder: string, { argv }: Kernelspec): Finding {
  const missing = argv.slice(0, 2).find((path) => !existsSync(path));
  if (missing === undefined) return { ok: true, what: `kernelspec ${folder}` };
  return {
    ok: false,
    what: `kernelspec ${folder} names ${missing}, which is gone`,
    repair: "Run etude install again.",
  };
}

function resultOf(outputs: readonly CellOutput[]): string {
  const result = outputs.find((output) => output.output_type === "execute_result");
  return String(result?.data["text/plain"]).replaceAll("'", "");
}
