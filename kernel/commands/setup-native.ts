import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { EtudeError } from "../../src/core/errors.js";
import { packageRoot } from "../../src/core/package-root.js";
import {
  findInstallation,
  type Installation,
  type NativeDevice,
  nativeFolder,
  nativeVersions,
} from "../../src/engine/native/installation.js";
import type { SelfTest } from "../../src/engine/native/self-test.js";
import { buildAddon } from "./setup-addon.js";
import { fetchPackage, fetchWheel } from "./setup-fetch.js";
import { checkDriver, checkProcessor, checkSpace, findTools, thisPlatform } from "./setup-machine.js";
import { type NativePlan, nativePlan } from "./setup-plan.js";
import { program } from "./setup-program.js";

/** Builds the backend unless a good one is there. Everything happens in a folder beside, which is renamed at the end. */
export async function setUpNative(device: NativeDevice, stop: AbortSignal): Promise<number> {
  const folder = resolve(nativeFolder());
  const platform = thisPlatform();
  const plan = nativePlan(device, platform);
  if (device === "gpu") checkDriver();
  checkProcessor(platform, await readFile("/proc/cpuinfo", "utf8"));
  if (await isThere(folder, device, stop)) return 0;
  const { python, compiler } = await findTools();
  const parent = dirname(folder);
  await makeFolder(parent);
  await removeLeftovers(folder);
  await checkSpace(parent, plan.neededMegabytes);
  const building = `${folder}.building-${process.pid}`;
  try {
    await mkdir(building);
    await build(plan, { folder: building, python, compiler, stop });
    const tested = await selfTest(building, device, stop);
    console.log(`Tested: ${describe(tested)}`);
    await put(building, folder);
  } catch (error) {
    if (stop.aborted) throw new EtudeError("stopped; nothing was installed.");
    throw error;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  console.log(`Installed in ${folder} (${megabytes(await sizes(folder))} MB). Use it: ETUDE_BACKEND=tensorflow`);
  return 0;
}

export async function removeNative(): Promise<number> {
  const folder = resolve(nativeFolder());
  await removeLeftovers(folder);
  if (!existsSync(folder)) {
    console.log(`There is no native backend in ${folder}.`);
    return 0;
  }
  if (!existsSync(join(folder, "installation.json"))) {
    throw new EtudeError(`${folder} was not made by etude setup native, so it stays. Look at ETUDE_NATIVE.`);
  }
  const freed = megabytes(await sizes(folder));
  await rm(folder, { recursive: true });
  console.log(`Removed ${folder} (${freed} MB).`);
  return 0;
}

/** Runs a program that computes on the backend in this folder; throws what is wrong with it. */
export async function selfTest(folder: string, device: NativeDevice, stop?: AbortSignal): Promise<SelfTest> {
  const path = join(packageRoot, "dist", "src", "engine", "native", "self-test.js");
  const env = { ETUDE_BACKEND: "tensorflow", ETUDE_NATIVE: folder };
  const { code, signal, stdout, stderr } = await program(process.execPath, [path], { env, ...(stop && { stop }) });
  if (signal !== null) throw new EtudeError(`the self-test was ended by ${signal}. Run etude setup native again.`);
  if (code !== 0)
    throw new EtudeError(`the self-test failed: ${/^\w*Error: (.*)$/m.exec(stderr)?.[1] ?? stderr.trim()}`);
  const answer = JSON.parse(stdout) as SelfTest;
  if (device === "gpu" && answer.device !== "gpu") {
    throw new EtudeError(
      "TensorFlow found no GPU that it can use. TF_CPP_MIN_LOG_LEVEL=0 etude setup native --gpu shows its reasons.",
    );
  }
  return answer;
}

async function isThere(folder: string, device: NativeDevice, stop: AbortSignal): Promise<boolean> {
  const found = findInstallation(folder);
  if (found.state === "absent") return false;
  if (found.state === "broken") {
    if (!existsSync(join(folder, "installation.json")) && (await readdir(folder)).length > 0) {
      throw new EtudeError(`${folder} holds other things. Set ETUDE_NATIVE to a folder of its own.`);
    }
    console.log(`The backend in ${folder} is broken (${found.reason}); building it anew.`);
    return false;
  }
  if (found.installation.device !== device) {
    console.log(`Replacing the ${found.installation.device} build in ${folder}.`);
    return false;
  }
  try {
    const tested = await selfTest(folder, device, stop);
    console.log(`It is there already, in ${folder}: ${describe(tested)}`);
    return true;
  } catch (error) {
    if (!(error instanceof EtudeError)) throw error;
    console.log(`The backend in ${folder} does not work (${error.message}); building it anew.`);
    return false;
  }
}

interface Building {
  readonly folder: string;
  readonly python: string;
  readonly compiler: string;
  readonly stop: AbortSignal;
}

async function build(plan: NativePlan, { folder, python, compiler, stop }: Building): Promise<void> {
  const fetching = { folder, python, stop };
  await step(`Fetching ${plan.tfjsNode.name} ${plan.tfjsNode.version} and the headers of Node-API`, async () => {
    await fetchPackage(plan.tfjsNode, join(folder, "tfjs-node-package"), fetching);
    await fetchPackage(plan.nodeHeaders, join(folder, "node-headers"), fetching);
  });
  for (const wheel of plan.wheels) {
    await step(`Fetching ${wheel.name} ${wheel.version} (${wheel.megabytes} MB)`, () =>
      fetchWheel(wheel, plan.pipPlatforms, fetching),
    );
  }
  await step(`Compiling the addon with ${compiler}`, () => buildAddon({ folder, compiler, stop }));
  const installation: Installation = {
    device: plan.device,
    versions: nativeVersions,
    files: Object.fromEntries(await sizes(folder)),
  };
  await writeFile(join(folder, "installation.json"), `${JSON.stringify(installation, null, 2)}\n`);
}

async function step(what: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  process.stdout.write(`${what} ...`);
  try {
    await work();
  } catch (error) {
    process.stdout.write("\n");
    throw error;
  }
  process.stdout.write(` ${Math.round((performance.now() - started) / 1000)} s\n`);
}

async function put(building: string, folder: string): Promise<void> {
  const old = `${folder}.old-${process.pid}`;
  if (existsSync(folder)) await rename(folder, old);
  await rename(building, folder);
  await rm(old, { recursive: true, force: true });
}

/** A setup that was killed left its folder beside; its number tells whether it is still at work. */
async function removeLeftovers(folder: string): Promise<void> {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(`${basename(folder)}.`) && /\.(?:building|old)-(\d+)$/.exec(name)?.[1];
    if (pid && !isRunning(Number(pid))) await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new EtudeError(`${path} cannot be made (${error.code}). Set ETUDE_NATIVE to a folder that you may write.`);
  });
}

async function sizes(folder: string): Promise<[path: string, size: number][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (path) => [relative(folder, path), (await stat(path)).size]));
}

function megabytes(files: readonly [path: string, size: number][]): number {
  return Math.round(files.reduce((sum, [, size]) => sum + size, 0) / 1e6);
}

function describe({ version, device }: SelfTest): string {
  return `TensorFlow ${version} computes and trains on the ${device.toUpperCase()}.`;
}
