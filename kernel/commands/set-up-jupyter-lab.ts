import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { EtudeError } from "../../src/core/errors.js";
import { neededLab, privateEnvironment, programsOf } from "./find-jupyter-lab.js";
import { isAtLeast } from "./version.js";

const neededPython = "3.10"; // of JupyterLab 4.6
const packages = [`jupyterlab>=${neededLab},<5`, "jupyter_server>=2.21", "jupyter_client>=8.9.1"];
const orElse = "or put JupyterLab on PATH. A notebook runs without Python too: etude run NOTEBOOK.";

/** Makes the private environment with JupyterLab in it, anew if a broken one is there; pip shows its progress. */
export async function setUpJupyterLab(stop: AbortSignal): Promise<void> {
  const python = await findPython();
  console.log(`Setting up JupyterLab in ${privateEnvironment} (once, a minute or two)`);
  await runVisibly(python, ["-m", "venv", "--clear", privateEnvironment], stop);
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", ...packages];
  await runVisibly(join(programsOf(privateEnvironment), "python"), pip, stop);
}

async function findPython(): Promise<string> {
  const script = "import sys, venv; print('%d.%d' % sys.version_info[:2]); import ensurepip";
  let fault = `JupyterLab needs Python ${neededPython} or newer, and none was found.`;
  for (const python of ["python3", "python"]) {
    const answer = await promisify(execFile)(python, ["-c", script]).then(
      ({ stdout }) => ({ stdout, complete: true }),
      (error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? "", complete: false }),
    );
    const version = answer.stdout.trim();
    if (version === "") continue;
    if (!isAtLeast(version, neededPython)) {
      fault = `JupyterLab needs Python ${neededPython} or newer, and ${python} is ${version}.`;
    } else if (!answer.complete) {
      fault = `${python} cannot make virtual environments (ensurepip is missing).`;
    } else return python;
  }
  throw new EtudeError(`${fault} Install it (Debian, Ubuntu: apt-get install python3-venv), ${orElse}`);
}

async function runVisibly(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const child: ChildProcess = spawn(program, args, { stdio: "inherit", signal });
  const [code] = (await once(child, "exit", { signal })) as [number | null];
  if (code === 0) return;
  throw new EtudeError(`${args.slice(0, 3).join(" ")} failed (its last lines are above). Repair that, ${orElse}`);
}
