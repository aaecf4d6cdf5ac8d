import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EtudeError } from "../../src/core/errors.js";
import { program } from "./setup-program.js";

interface Building {
  /** Holds `tensorflow/` with libraries and headers, `node-headers/` and `tfjs-node-package/`. */
  readonly folder: string;
  readonly compiler: string;
  readonly stop: AbortSignal;
}

/**
 * TensorFlow greets on stderr while its libraries start, when TF_CPP_MIN_LOG_LEVEL means nothing to them yet (its issue
 * 100442). Loaded first, this starts them with stderr closed, unless that variable is there.
 */
const quietStart = `#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <string>
#include <unistd.h>

NAPI_MODULE_INIT() {
  if (std::getenv("TF_CPP_MIN_LOG_LEVEL")) return exports;
  Dl_info own;
  if (!dladdr(reinterpret_cast<void *>(&napi_register_module_v1), &own)) return exports;
  std::string path = own.dli_fname;
  path.replace(path.rfind('/') + 1, std::string::npos, "tensorflow/libtensorflow_cc.so.2");
  int kept = dup(2), nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, 2);
  dlopen(path.c_str(), RTLD_LAZY);
  dup2(kept, 2);
  close(kept);
  close(nowhere);
  return exports;
}
`;

/** From then on that variable's level holds; without it only errors are told. */
const logLevel = `#include <cstdlib>
#include "absl/log/globals.h"

static const bool isSet = [] {
  const char *level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  absl::SetMinLogLevel(static_cast<absl::LogSeverityAtLeast>(level ? std::atoi(level) : 2));
  return true;
}();
`;

/** Compiles the two addons, takes the JavaScript of the backend, and removes what only the compiler needed. */
export async function buildAddon(building: Building): Promise<void> {
  const { folder } = building;
  const source = join(folder, "tfjs-node-package", "package");
  const binding = join(source, "binding");
  const backend = join(binding, "tfjs_backend.cc");
  await writeFile(backend, ownCopies(await readFile(backend, "utf8")));
  await writeFile(join(binding, "quiet_start.cc"), quietStart);
  await writeFile(join(binding, "log_level.cc"), logLevel);
  await compile("quiet_start.node", ["quiet_start.cc"], [], building);
  const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
  await compile("tfjs_binding.node", ["tfjs_backend.cc", "tfjs_binding.cc", "log_level.cc"], libraries, building);
  const scripts = join(folder, "tfjs-node");
  await mkdir(scripts);
  for (const name of ["nodejs_kernel_backend.js", "int64_tensors.js", "register_all_kernels.js", "kernels"]) {
    await cp(join(source, "dist", name), join(scripts, name), {
      recursive: true,
      filter: (path) => !/_test\.js$|\.d\.ts$/.test(path),
    });
  }
  for (const used of ["tfjs-node-package", "node-headers", join("tensorflow", "include")]) {
    await rm(join(folder, used), { recursive: true });
  }
}

async function compile(
  output: string,
  sources: readonly string[],
  libraries: readonly string[],
  { folder, compiler, stop }: Building,
): Promise<void> {
  const source = join(folder, "tfjs-node-package", "package");
  const includes = [join(folder, "node-headers", "package", "include"), join(folder, "tensorflow", "include"), source];
  const ending = await program(
    compiler,
    [
      ...["-O2", "-std=c++17", "-fPIC", "-shared", "-w", "-DNAPI_VERSION=8", "-DBUILDING_NODE_EXTENSION"],
      ...includes.flatMap((path) => ["-I", path]),
      ...sources.map((name) => join(source, "binding", name)),
      ...libraries.map((name) => join(folder, "tensorflow", name)),
      ...["-Wl,-rpath,$ORIGIN/tensorflow", "-o", join(folder, output)],
    ],
    { stop, env: { TMPDIR: folder } },
  );
  if (ending.code === 0) return;
  const reason = /^.*\berror: .*$/m.exec(ending.stderr)?.[0] ?? ending.stderr.trim().split("\n").at(-1);
  throw new EtudeError(`${compiler} could not compile the addon: ${reason}. Try another compiler (CXX=...).`);
}

/**
 * The addon lends JavaScript's memory to TensorFlow, if its address happens to suit, and takes it back in a callback that
 * TensorFlow may call on any thread, where Node's functions must not be called. This gives every tensor its own copy.
 */
export function ownCopies(source: string): string {
  const lending = between(source, "  // Sharing V8 memory with", "  // Currently, int64-type");
  const tensor = between(source, "  TF_AutoTensor tensor(TF_NewTensor(", "  TF_AutoStatus tf_status;");
  const copy = `  // Changed by Etude: a copy instead of shared memory.
  TF_AutoTensor tensor(TF_AllocateTensor(dtype, shape, shape_length, byte_size));
  memcpy(TF_TensorData(tensor.tensor), array_data, byte_size);

`;
  return source.replace(lending, "").replace(tensor, copy).replace("    delete auto_ref;\n    TFE", "    TFE");
}

function between(source: string, from: string, to: string): string {
  const start = source.indexOf(from);
  const end = source.indexOf(to, start);
  if (start < 0 || end < 0) throw new EtudeError("the source of the addon is not that of tfjs-node 4.22.0.");
  return source.slice(start, end);
}
