// The tools of the outside judges: Python packages in a virtual environment of their own, Chromium from Debian.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { program, root, scratch } from "./programs.js";

const platform = process.platform === "win32" ? "win" : process.platform;
const nodeProgram = process.platform === "win32" ? "node.exe" : "node";
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

/** The newest of each line that a kernel must run on; their binaries are npm packages without scripts. */
const nodeVersions = ["20.20.2", "22.23.3", "24.21.0", "26.10.0"];

/** The Nodes of the other lines than the one that runs this: version to path of the program. */
export async function otherNodes() {
  const running = process.versions.node.split(".")[0];
  const versions = nodeVersions.filter((version) => version.split(".")[0] !== running);
  const folder = join(scratch, "nodes");
  const packages = versions.map((version) => `node-${version}@npm:node-${platform}-${process.arch}@${version}`);
  const install = ["install", "--prefix", folder, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
  const path = (version) => join(folder, "node_modules", `node-${version}`, "bin", nodeProgram);
  if (!versions.every((version) => existsSync(path(version)))) {
    await orThrow(
      program("npm", [...install, ...packages], { minutes: 10 }),
      "The other Nodes could not be installed.",
    );
  }
  return Object.fromEntries(versions.map((version) => [version, path(version)]));
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

/** Makes sure that there is a C++ compiler. */
export async function compiler() {
  if ((await program("g++", ["--version"])).code !== 0) await installFromDebian("g++");
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
