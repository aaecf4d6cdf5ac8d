// What a native backend is made of. Every file that is fetched is pinned by its checksum.
import { EtudeError } from "../../src/core/errors.js";
import { type NativeDevice, nativeVersions } from "../../src/engine/native/installation.js";
import { isAtLeast } from "./version.js";

export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly megabytes: number;
  /** The folders and files in it that are unpacked; a name that ends with "/" is a folder. */
  readonly keep: readonly string[];
}

export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

export interface NativePlan {
  readonly device: NativeDevice;
  readonly wheels: readonly Wheel[];
  /** The pip tags of this platform, best first. */
  readonly pipPlatforms: readonly string[];
  readonly tfjsNode: NpmPackage;
  readonly nodeHeaders: NpmPackage;
  /** The most that lies on the disk at one time, in megabytes. */
  readonly neededMegabytes: number;
}

export interface Platform {
  readonly platform: string;
  readonly arch: string;
  /** The version of the C library; undefined where it is not glibc. */
  readonly glibc: string | undefined;
}

const tensorflow = nativeVersions.tensorflow;

/** The headers that the addons include, with what those include. */
const headers = ["absl/", "tensorflow/c/", "tensorflow/core/platform/", "tsl/platform/", "xla/tsl/c/"];
const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
const keepOfTensorflow = [
  ...libraries.map((name) => `tensorflow/${name}`),
  ...headers.map((name) => `tensorflow/include/${name}`),
];

const wheelOf = {
  "cpu x64": {
    name: "tensorflow-cpu",
    sha256: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
    megabytes: 274,
  },
  "cpu arm64": {
    name: "tensorflow",
    sha256: "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
    megabytes: 282,
  },
  "gpu x64": {
    name: "tensorflow",
    sha256: "b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0",
    megabytes: 573,
  },
} as const;

/** What `tensorflow[and-cuda]` asks for, as pip resolved it: name, version, sha256, megabytes. */
const cudaWheels: readonly (readonly [name: string, version: string, sha256: string, megabytes: number])[] = [
  ["nvidia-cublas-cu12", "12.9.3.13", "d7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72", 581],
  ["nvidia-cuda-cupti-cu12", "12.8.90", "ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182", 10],
  ["nvidia-cuda-nvcc-cu12", "12.9.86", "5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0", 41],
  ["nvidia-cuda-nvrtc-cu12", "12.9.86", "210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4", 90],
  ["nvidia-cuda-runtime-cu12", "12.9.79", "25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3", 3],
  ["nvidia-cudnn-cu12", "9.28.0.42", "9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375", 717],
  ["nvidia-cufft-cu12", "11.4.1.4", "c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28", 201],
  ["nvidia-curand-cu12", "10.3.10.19", "49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e", 68],
  ["nvidia-cusolver-cu12", "11.7.5.82", "15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88", 338],
  ["nvidia-cusparse-cu12", "12.5.10.65", "73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78", 366],
  ["nvidia-nccl-cu12", "2.32.3", "bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c", 352],
  ["nvidia-nvjitlink-cu12", "12.9.86", "e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9", 40],
];

const tfjsNode: Readonly<Record<NativeDevice, NpmPackage>> = {
  cpu: {
    name: "@tensorflow/tfjs-node",
    version: nativeVersions["tfjs-node"],
    integrity: "sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==",
  },
  gpu: {
    name: "@tensorflow/tfjs-node-gpu",
    version: nativeVersions["tfjs-node"],
    integrity: "sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==",
  },
};

const nodeHeaders: NpmPackage = {
  name: "node-api-headers",
  version: "1.9.0",
  integrity: "sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==",
};

/** What to fetch for this device on this platform; throws a sentence where TensorFlow has no build. */
export function nativePlan(device: NativeDevice, { platform, arch, glibc }: Platform): NativePlan {
  const key = `${device} ${arch}`;
  if (platform !== "linux" || !Object.hasOwn(wheelOf, key)) {
    const where = device === "gpu" ? "Linux on x64" : "Linux on x64 or arm64";
    throw new EtudeError(`the ${device} build needs ${where}, and this is ${platform} on ${arch}. Stay on wasm.`);
  }
  if (glibc === undefined || !isAtLeast(glibc, "2.27")) {
    const found = glibc === undefined ? "this system has another C library" : `this system has ${glibc}`;
    throw new EtudeError(`TensorFlow ${tensorflow} needs glibc 2.27 or newer, and ${found}. Stay on wasm.`);
  }
  const base = { ...wheelOf[key as keyof typeof wheelOf], version: tensorflow, keep: keepOfTensorflow };
  // The libraries find each other by their own run path, `$ORIGIN/../nvidia/NAME/lib`, as in Python's site-packages.
  const cuda = cudaWheels.map(([name, version, sha256, megabytes]) => ({
    ...{ name, version, sha256, megabytes },
    keep: ["nvidia/"],
  }));
  const machine = arch === "arm64" ? "aarch64" : "x86_64";
  const tags = ["manylinux_2_27", "manylinux_2_17", "manylinux2014", "manylinux_2_12", "manylinux2010"];
  return {
    device,
    wheels: device === "gpu" ? [base, ...cuda] : [base],
    pipPlatforms: tags.map((tag) => `${tag}_${machine}`),
    tfjsNode: tfjsNode[device],
    nodeHeaders,
    neededMegabytes: device === "gpu" ? 6500 : 1300,
  };
}
