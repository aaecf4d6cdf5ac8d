// The one test command, `npm test`: every check that CI runs. What a judge needs is installed where that is possible; a
// tool that cannot be installed is a failure that names its command. The last line is `N passed, N failed`.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { node, program, root, scratch } from "./setup/programs.js";
import { chromium, compiler, otherNodes, pythonEnvironment } from "./setup/tools.js";

const total = { passed: 0, failed: 0 };

/** Runs one section, prints it, and adds its counts; whatever goes wrong in it is a failure, never an end. */
async function section(name, work) {
  const started = Date.now();
  const { passed, failed, text } = await work().catch((error) => ({ passed: 0, failed: 1, text: error.message }));
  total.passed += passed;
  total.failed += failed;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`\n== ${name}: ${passed} ok, ${failed} not (${seconds} s)`);
  if (failed > 0) console.log(text);
  return failed === 0;
}

/** A check that is one test: good when its program ends well. */
const check = (work) => async () => {
  const { code, text } = await work();
  return code === 0 ? { passed: 1, failed: 0, text } : { passed: 0, failed: 1, text };
};

/** Runs Jest on one Node; what a test needs beside the sources comes in `env`. */
async function jest(path, args, env) {
  const report = join(scratch, "jest.json");
  rmSync(report, { force: true });
  const options = "--experimental-vm-modules --disable-warning=ExperimentalWarning";
  const { code, text } = await program(path, [...args, "--ci", "--json", `--outputFile=${report}`], {
    env: { NODE_OPTIONS: options, ...env },
    minutes: 20,
  });
  const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = readJson(report, text);
  const failed = numFailedTests + numPendingTests + numRuntimeErrorTestSuites;
  return { passed: numPassedTests, failed: failed || Number(code !== 0), text };
}

async function judges(python, env) {
  const { code, text } = await program(await python, ["-m", "unittest", "discover", "-v", "-s", "test/judges"], {
    env,
    minutes: 10,
  });
  const ran = Number(/^Ran (\d+) tests?/m.exec(text)?.[1] ?? 0);
  const failed = [...text.matchAll(/(?:failures|errors|skipped)=(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0);
  return { passed: Math.max(0, ran - failed), failed: failed || Number(code !== 0 || ran === 0), text };
}

async function walk(python, env) {
  const lab = { ...env, VIRTUAL_ENV: join(await python, "..", ".."), CHROMIUM: await chromium() };
  const { code, text } = await node(["test/lab/walk.mjs", join(scratch, "lab")], { env: lab, minutes: 10 });
  const count = (word) => text.split("\n").filter((line) => line.startsWith(word)).length;
  return { passed: count("ok "), failed: count("FAIL ") || Number(code !== 0), text };
}

/** Builds the tensorflow backend as a person would, kept for the next run; every other Node must find it good too. */
async function native(python) {
  await compiler();
  const env = { ETUDE_BACKEND: "tensorflow", ETUDE_NATIVE: join(scratch, "native") };
  const PATH = `${dirname(await python)}${delimiter}${process.env.PATH}`; // a Python that has pip
  const build = ["dist/kernel/commands/etude.js", "setup", "native"];
  const built = await node(build, { env: { ...env, PATH }, minutes: 15 });
  if (built.code !== 0) return { passed: 0, failed: 1, text: built.text };
  // A young generation that may grow would look like a leak.
  const flags = ["--expose-gc", "--max-semi-space-size=8"];
  const files = ["--testMatch=**/*.native.ts", "--testMatch=**/lifetime/{reachable,release}.test.ts"];
  const args = [...flags, "node_modules/jest/bin/jest.js", "--runInBand", ...files];
  const counts = await jest(process.execPath, args, env);
  for (const [version, path] of Object.entries(await otherNodes())) {
    const { code, text } = await program(path, build, { env });
    const isGood =
      code === 0 && /^It is there already, in .*: TensorFlow .* computes and trains on the CPU\.\n$/.test(text);
    counts[isGood ? "passed" : "failed"]++;
    counts.text += `\nNode ${version}: ${text}`;
  }
  return { ...counts, passed: counts.passed + 1 };
}

function readJson(path, text) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Error(text);
  }
}

mkdirSync(scratch, { recursive: true });
process.chdir(root);
const isBuilt = await section(
  "build",
  check(() => node(["node_modules/typescript/bin/tsc", "--build"])),
);
if (isBuilt) {
  const prefix = join(scratch, "prefix");
  const env = { JUPYTER_PATH: join(prefix, "share", "jupyter"), XDG_DATA_HOME: join(scratch, "data") };
  const python = pythonEnvironment(); // downloads while the next checks compute
  python.catch(() => {}); // reported by the sections that need it
  await section(
    "format and lint",
    check(() => node(["node_modules/@biomejs/biome/bin/biome", "ci", "--colors=off", "--diagnostic-level=error", "."])),
  );
  await section(
    "types of the tests",
    check(() => node(["node_modules/typescript/bin/tsc", "-p", "test/tsconfig.json"])),
  );
  await section(
    "rooms",
    check(() => node(["node_modules/dependency-cruiser/bin/dependency-cruise.mjs", "src", "kernel"])),
  );
  await section(
    "dead code",
    check(() => node(["node_modules/knip/bin/knip.js"])),
  );
  await section("Jest", async () => {
    const env = { ETUDE_TEST_NODES: JSON.stringify(await otherNodes()) };
    return jest(process.execPath, ["node_modules/jest/bin/jest.js"], env);
  });
  await section("native backend", () => native(python));
  await section(
    "kernelspec",
    check(() => node(["dist/kernel/commands/etude.js", "install", "--prefix", prefix])),
  );
  await section("Jupyter's judges", () => judges(python, env));
  await section("a walk in JupyterLab", () => walk(python, env));
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
