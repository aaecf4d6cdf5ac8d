import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { explainNpm, explainPip } from "../../kernel/commands/setup-fetch.js";
import { checkDriver, checkProcessor, checkSpace } from "../../kernel/commands/setup-machine.js";
import { nativePlan } from "../../kernel/commands/setup-plan.js";
import { startEtude } from "./etude.js";

const linux = { platform: "linux", arch: "x64", glibc: "2.36" };

describe("the plan of a native backend", () => {
  it("for the CPU is one wheel, its two libraries and the headers that the addons include", () => {
    const { wheels, tfjsNode, pipPlatforms } = nativePlan("cpu", linux);
    expect(wheels.map(({ name, version }) => `${name} ${version}`)).toEqual(["tensorflow-cpu 2.21.0"]);
    expect(wheels[0]!.keep).toEqual([
      "tensorflow/libtensorflow_cc.so.2",
      "tensorflow/libtensorflow_framework.so.2",
      "tensorflow/include/absl/",
      "tensorflow/include/tensorflow/c/",
      "tensorflow/include/tensorflow/core/platform/",
      "tensorflow/include/tsl/platform/",
      "tensorflow/include/xla/tsl/c/",
    ]);
    expect(tfjsNode.name).toBe("@tensorflow/tfjs-node");
    expect(pipPlatforms[0]).toBe("manylinux_2_27_x86_64");
  });

  it("on arm64 takes the wheel that TensorFlow has for it", () => {
    const { wheels, pipPlatforms } = nativePlan("cpu", { ...linux, arch: "arm64" });
    expect(wheels.map(({ name }) => name)).toEqual(["tensorflow"]);
    expect(pipPlatforms[0]).toBe("manylinux_2_27_aarch64");
  });

  // The names are those of Requires-Dist with extra == "and-cuda" in the METADATA of tensorflow 2.21.0.
  it("for the GPU is the wheel with CUDA and every wheel that tensorflow[and-cuda] asks for", () => {
    const { wheels, tfjsNode } = nativePlan("gpu", linux);
    expect(tfjsNode.name).toBe("@tensorflow/tfjs-node-gpu");
    expect(wheels.map(({ name }) => name)).toEqual([
      "tensorflow",
      "nvidia-cublas-cu12",
      "nvidia-cuda-cupti-cu12",
      "nvidia-cuda-nvcc-cu12",
      "nvidia-cuda-nvrtc-cu12",
      "nvidia-cuda-runtime-cu12",
      "nvidia-cudnn-cu12",
      "nvidia-cufft-cu12",
      "nvidia-curand-cu12",
      "nvidia-cusolver-cu12",
      "nvidia-cusparse-cu12",
      "nvidia-nccl-cu12",
      "nvidia-nvjitlink-cu12",
    ]);
    for (const { keep } of wheels.slice(1)) expect(keep).toEqual(["nvidia/"]);
  });

  it.each(["cpu", "gpu"] as const)("pins every file for the %s by its checksum", (device) => {
    const { wheels, tfjsNode, nodeHeaders } = nativePlan(device, linux);
    for (const { sha256 } of wheels) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    for (const { integrity } of [tfjsNode, nodeHeaders]) expect(integrity).toMatch(/^sha512-[\w+/]{86}==$/);
  });

  it.each([
    [{ ...linux, platform: "darwin", arch: "arm64" }, "needs Linux on x64 or arm64, and this is darwin on arm64."],
    [{ ...linux, arch: "riscv64" }, "needs Linux on x64 or arm64, and this is linux on riscv64."],
    [{ ...linux, glibc: undefined }, "needs glibc 2.27 or newer, and this system has another C library."],
    [{ ...linux, glibc: "2.17" }, "needs glibc 2.27 or newer, and this system has 2.17."],
  ])("refuses %j", (platform, sentence) => {
    expect(() => nativePlan("cpu", platform)).toThrow(sentence);
  });

  it("refuses a GPU build on arm64", () => {
    expect(() => nativePlan("gpu", { ...linux, arch: "arm64" })).toThrow("the gpu build needs Linux on x64,");
  });
});

describe("what pip and npm say becomes one sentence", () => {
  // Texts of pip 23.2 and npm 11.19.
  it.each([
    [
      "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)': /simple/x/\nERROR: Could not find a version that satisfies the requirement x (from versions: none)\nERROR: No matching distribution found for x",
      "the network or the registry does not answer.",
    ],
    [
      "ERROR: Could not find a version that satisfies the requirement x==1 (from versions: 2)\nERROR: No matching distribution found for x==1",
      "pip's index has no such wheel for this platform.",
    ],
    [
      "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n    Expected sha256 0\n         Got        1",
      "its checksum is not the expected one",
    ],
    ["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "the disk is full."],
    ["ERROR: Something else.", "Something else."],
  ])("pip: %j", (text, sentence) => {
    expect(explainPip(text)).toContain(sentence);
  });

  it.each([
    ["npm error code ENOTFOUND\nnpm error network request to https://x failed", "the network or the registry does not"],
    ["npm error code E404\nnpm error 404 Not Found", "npm's registry has no such package."],
    ["npm error code EINTEGRITY\nnpm error sha512-a integrity checksum failed", "its checksum is not the expected one"],
    ["npm error code ENOSPC\nnpm error nospc", "the disk is full."],
    ["npm error strange", "strange."],
  ])("npm: %j", (text, sentence) => {
    expect(explainNpm(text)).toContain(sentence);
  });
});

describe("a machine that cannot hold the backend", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "etude-test-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("without AVX is refused on x64 alone", () => {
    expect(() => checkProcessor(linux, "flags\t\t: fpu sse4_2 avx2\n")).toThrow("needs a processor with AVX");
    checkProcessor(linux, "flags\t\t: fpu avx avx2\n");
    checkProcessor({ ...linux, arch: "arm64" }, "Features\t: fp asimd\n");
  });

  it("with too little room is told how much is needed", async () => {
    await expect(checkSpace(folder, 1e9)).rejects.toThrow(/^1000000000 MB are needed for a while in .* MB are free\./);
    await checkSpace(folder, 0);
  });

  // The text is that of /proc/driver/nvidia/version, by driver 470.
  it.each([
    [undefined, "no NVIDIA driver is loaded here"],
    ["NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.82.01  Wed Oct 27 21:21:55 UTC 2021\n", "is 470.82.01."],
  ])("with the driver %j is refused a GPU build", async (text, sentence) => {
    await writeDriver(text);
    expect(() => checkDriver(`${folder}/`)).toThrow(sentence);
  });

  it("with a driver of CUDA 12 gets a GPU build", async () => {
    await writeDriver("NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\n");
    checkDriver(`${folder}/`);
  });

  async function writeDriver(text: string | undefined): Promise<void> {
    if (text === undefined) return;
    await mkdir(join(folder, "proc", "driver", "nvidia"), { recursive: true });
    await writeFile(join(folder, "proc", "driver", "nvidia", "version"), text);
  }
});

describe("etude setup native", () => {
  let folder: string;
  let bin: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "etude-test-"));
    bin = join(folder, "bin");
    await mkdir(bin);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const setup = (words: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
    startEtude(["setup", "native", ...words], { PATH: bin, CXX: "", ETUDE_NATIVE: join(folder, "native"), ...env })
      .ended;
  const put = async (name: string, script: string) => {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  };
  const python = (pip: string) => put("python3", `case "$2" in *version*) echo 3;; pip) ${pip};; *) exit 1;; esac`);

  it.each([
    ["no Python", async () => {}, "Python 3 with pip is needed to fetch TensorFlow."],
    ["no pip", () => python("exit 1"), "pip is needed to fetch TensorFlow, and Python has none here."],
    ["no npm", () => python("exit 0"), "npm is needed to fetch tfjs-node, and it does not start."],
    [
      "no compiler",
      async () => {
        await python("exit 0");
        await put("npm", "exit 0");
      },
      "no C++ compiler was found, and the addon has to be compiled. Install one: apt-get install g++.",
    ],
  ])("with %s says so in one sentence and leaves nothing", async (_, prepare, sentence) => {
    await prepare();
    const { code, stderr } = await setup();
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["bin"]);
  });

  it("whose download fails leaves nothing and says why", async () => {
    await python("exit 0");
    await put("g++", "exit 0");
    await put("npm", 'test "$1" = --version || { echo "npm error code ENOTFOUND" >&2; exit 1; }');
    const { code, stderr } = await setup();
    expect(code).toBe(1);
    expect(stderr).toContain("@tensorflow/tfjs-node 4.22.0 could not be fetched: the network or the registry");
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["bin"]);
  });

  it("that is stopped leaves neither files nor programs", async () => {
    await python("exit 0");
    await put("g++", "exit 0");
    await put("npm", 'test "$1" = --version || exec /bin/sleep 600');
    const env = { PATH: bin, CXX: "", ETUDE_NATIVE: join(folder, "native") };
    const { child, ended } = startEtude(["setup", "native"], env);
    await once(child.stdout, "data"); // it says what it fetches
    child.kill("SIGINT");
    const { code, stderr } = await ended; // which waits for npm too, for it holds the pipe
    expect([code, stderr]).toEqual([1, "etude setup: stopped; nothing was installed.\n"]);
    expect(await readdir(folder)).toEqual(["bin"]);
  });

  it("removes what a setup that was killed left behind", async () => {
    await mkdir(join(folder, "native.building-999999999", "tensorflow"), { recursive: true });
    expect((await setup(["--remove"])).stdout).toContain("There is no native backend in");
    expect(await readdir(folder)).toEqual(["bin"]);
  });

  it("leaves a folder alone that it did not make", async () => {
    await mkdir(join(folder, "native"));
    await writeFile(join(folder, "native", "thesis.txt"), "");
    expect((await setup(["--remove"])).stderr).toContain("was not made by etude setup native, so it stays.");
    expect((await setup()).stderr).toContain("holds other things. Set ETUDE_NATIVE to a folder of its own.");
    expect(await readdir(join(folder, "native"))).toEqual(["thesis.txt"]);
  });

  it("--gpu without a driver says so before anything is fetched", async () => {
    const { code, stdout, stderr } = await setup(["--gpu"]);
    expect([code, stdout]).toEqual([1, ""]);
    // A machine that has the driver gets as far as the next thing that is missing here.
    expect(stderr).toMatch(/no NVIDIA driver is loaded here|Python 3 with pip is needed/);
  });

  it("refuses to set up anything else", async () => {
    const { stderr } = await startEtude(["setup", "everything"]).ended;
    expect(stderr).toBe('etude setup: the thing to set up must be native, got "everything".\n');
  });

  it("--gpu and --remove do not go together", async () => {
    expect((await setup(["--gpu", "--remove"])).stderr).toContain("--gpu and --remove do not go together.");
  });
});
