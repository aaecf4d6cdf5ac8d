import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { ownDataFolder } from "../../src/core/data-folder.js";
import { activePrefixes } from "./jupyter-paths.js";

export interface JupyterLab {
  readonly program: string;
  readonly version: string;
}

/** What charts, completion with types and the security fixes need (JupyterLab CVE-2026-42557 and its like). */
export const neededLab = "4.6";

/** The folder of the private virtual environment that {@link setUpJupyterLab} makes. */
export const privateEnvironment = join(ownDataFolder(), "jupyterlab");

/** Where the programs of a Python installation stand. */
export function programsOf(prefix: string): string {
  return join(prefix, process.platform === "win32" ? "Scripts" : "bin");
}

/** Every JupyterLab that answers: of the active environment, of PATH, and the private one, in this order. */
export async function* jupyterLabs(): AsyncGenerator<JupyterLab> {
  const prefixes = activePrefixes().map(programsOf);
  const path = process.env.PATH?.split(delimiter).filter(Boolean) ?? [];
  const name = process.platform === "win32" ? "jupyter-lab.exe" : "jupyter-lab";
  for (const folder of new Set([...prefixes, ...path, programsOf(privateEnvironment)])) {
    const program = join(folder, name);
    const version = existsSync(program) ? await versionOf(program) : undefined;
    if (version !== undefined) yield { program, version };
  }
}

/** A launcher that is there but does not answer (a pyenv shim, a broken environment) has no version. */
async function versionOf(program: string): Promise<string | undefined> {
  const answer = await promisify(execFile)(program, ["--version"]).catch(() => ({ stdout: "" }));
  return /^\d+\.\d+\S*/m.exec(answer.stdout)?.[0];
}
