import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { jupyterLabs, neededLab } from "./find-jupyter-lab.js";
import type { Finding } from "./finding.js";
import { isAtLeast } from "./version.js";

/** The oldest versions without a published hole that a notebook can reach. */
const needed = { jupyterlab: neededLab, jupyter_server: "2.21", jupyter_client: "8.9.1" };

/** The parts of the JupyterLab that `etude lab` would use. */
export async function checkJupyter(): Promise<Finding[]> {
  for await (const { program, version } of jupyterLabs()) {
    if (!isAtLeast(version, neededLab)) continue;
    const versions = await versionsBeside(program);
    return Object.entries(needed).map(([name, least]) => judge(name, versions.get(name) ?? "unknown", least, program));
  }
  return [{ ok: true, what: `no JupyterLab ${neededLab} or newer: etude lab sets one up, etude run needs none` }];
}

function judge(name: string, version: string, least: string, program: string): Finding {
  const what = `${name} ${version} (${program})`;
  if (isAtLeast(version, least)) return { ok: true, what };
  const repair = `Update it to ${least} or newer with the pip of that environment: pip install --upgrade ${name}`;
  return { ok: false, what: `${what} is older than ${least}`, repair };
}

async function versionsBeside(program: string): Promise<Map<string, string>> {
  const jupyter = join(dirname(await realpath(program)), process.platform === "win32" ? "jupyter.exe" : "jupyter");
  const { stdout } = await promisify(execFile)(jupyter, ["--version"]).catch(() => ({ stdout: "" }));
  return new Map([...stdout.matchAll(/^(\S+)\s*: (\S+)$/gm)].map(([, name, version]) => [name!, version!]));
}
