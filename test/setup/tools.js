// The tools of the outside judges: Python packages in a virtual environment of their own, Chromium from Debian.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { program, root, scratch } from "./programs.js";

const isRoot = process.getuid?.() === 0;
const requirements = join(root, "test", "judges", "requirements.txt");

/** The Python that has the pinned packages of the judges; made once, and anew when a pin changes. */
export async function pythonEnvironment() {
  const folder = join(scratch, "venv");
  const python = join(folder, "bin", "python");
  const stamp = join(folder, "requirements.txt");
  const wanted = readFileSync(requirements, "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return python;
  const make = () => program("python3", ["-m", "venv", "--clear", folder]);
  if ((await make()).code !== 0) {
    await installFromDebian("python3-venv");
    await orThrow(make(), "The judges need Python 3.10 with venv.");
  }
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "-r", requirements];
  await orThrow(program(python, pip, { minutes: 15 }), "The judges' Python packages could not be installed.");
  writeFileSync(stamp, wanted);
  return python;
}

/** The path of a Chromium. */
export async function chromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  await installFromDebian("chromium");
  const installed = findChromium();
  if (installed === undefined) throw new Error("No Chromium was found. Install it: apt-get install chromium");
  return installed;
}

function findChromium() {
  const folders = process.env.PATH.split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

async function installFromDebian(name) {
  const command = `apt-get update && apt-get install --yes --no-install-recommends ${name}`;
  if (!isRoot) throw new Error(`${name} is missing. Install it: sudo sh -c "${command}"`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await orThrow(program("sh", ["-c", command], { env, minutes: 10 }), `${name} is missing. Install it: ${command}`);
}

async function orThrow(run, sentence) {
  const { code, text } = await run;
  if (code !== 0) throw new Error(`${sentence}\n${text}`);
}
