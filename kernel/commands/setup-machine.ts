// What must be on the machine before anything is fetched; each missing thing has its sentence.
import { existsSync, readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { EtudeError } from "../../src/core/errors.js";
import type { Platform } from "./setup-plan.js";
import { program } from "./setup-program.js";
import { isAtLeast } from "./version.js";

export interface Tools {
  readonly python: string;
  readonly compiler: string;
}

export function thisPlatform(): Platform {
  const { platform, arch } = process;
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork: boolean };
  report.excludeNetwork = true; // it would look up names
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return { platform, arch, glibc: header.glibcVersionRuntime };
}

export async function findTools(): Promise<Tools> {
  const python = await findPython();
  if ((await program("npm", ["--version"])).code !== 0) {
    throw new EtudeError("npm is needed to fetch tfjs-node, and it does not start. Install it beside Node.js.");
  }
  return { python, compiler: await findCompiler() };
}

async function findPython(): Promise<string> {
  let found = false;
  for (const python of ["python3", "python"]) {
    const { code, stdout } = await program(python, ["-c", "import sys; print(sys.version_info[0])"]);
    if (code !== 0 || stdout.trim() !== "3") continue;
    found = true;
    if ((await program(python, ["-m", "pip", "--version"])).code === 0) return python;
  }
  throw new EtudeError(
    found
      ? "pip is needed to fetch TensorFlow, and Python has none here. Install it: apt-get install python3-pip."
      : "Python 3 with pip is needed to fetch TensorFlow. Install it: apt-get install python3 python3-pip.",
  );
}

/** The one that `CXX` names, else g++, else clang++. */
async function findCompiler(): Promise<string> {
  const asked = process.env.CXX;
  for (const name of asked ? [asked] : ["g++", "clang++"]) {
    if ((await program(name, ["--version"])).code === 0) return name;
  }
  const what = asked ? `the compiler that CXX names (${asked}) does not start` : "no C++ compiler was found";
  throw new EtudeError(`${what}, and the addon has to be compiled. Install one: apt-get install g++.`);
}

/** Throws unless the processor has what TensorFlow's builds use; without it they end with an illegal instruction. */
export function checkProcessor(platform: Platform, cpuinfo: string): void {
  if (platform.arch !== "x64" || /^flags\s*:.*\bavx\b/m.test(cpuinfo)) return;
  throw new EtudeError("TensorFlow needs a processor with AVX, and this one has none. Stay on wasm.");
}

const oldestDriver = "525.60.13"; // NVIDIA, CUDA compatibility: the first driver of CUDA 12

/** Throws unless there is a driver for CUDA 12; `root` stands for "/" in tests. */
export function checkDriver(root = "/"): void {
  const path = `${root}proc/driver/nvidia/version`;
  const isWindows = existsSync(`${root}usr/lib/wsl/lib/libcuda.so.1`); // there the driver is that of Windows
  if (!existsSync(path)) {
    if (isWindows) return;
    throw new EtudeError(
      "no NVIDIA driver is loaded here, so TensorFlow could not reach a GPU. Install the driver, or leave --gpu out.",
    );
  }
  const version = /\b\d+\.\d+(\.\d+)?\b/.exec(readFileSync(path, "utf8"))?.[0] ?? "unknown";
  if (isAtLeast(version, oldestDriver)) return;
  throw new EtudeError(
    `CUDA 12 needs the NVIDIA driver ${oldestDriver} or newer, and this one is ${version}. Update it, or leave --gpu out.`,
  );
}

export async function checkSpace(folder: string, megabytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free >= megabytes) return;
  throw new EtudeError(
    `${megabytes} MB are needed for a while in ${folder}, and ${free} MB are free. Make room, or set ETUDE_NATIVE to a folder on another disk.`,
  );
}
