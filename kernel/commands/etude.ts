import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EtudeError } from "../../src/core/errors.js";
import { packageRoot } from "../../src/core/package-root.js";
import type { Command } from "./command.js";

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  lab: async () => (await import("./lab.js")).lab,
  run: async () => (await import("./run.js")).run,
  install: async () => (await import("./install.js")).install,
  uninstall: async () => (await import("./uninstall.js")).uninstall,
  setup: async () => (await import("./setup.js")).setup,
  doctor: async () => (await import("./doctor.js")).doctor,
};

const help = `Etude: a Jupyter kernel for TypeScript machine learning

Usage: etude COMMAND [options]

  lab [folder]   open JupyterLab on the tutorials, or on a folder of yours
  run FILE       execute a notebook without Jupyter or Python, and write its outputs
  install        add the kernel to the Jupyter you have
  uninstall      remove it again
  setup native   build the tensorflow backend: native TensorFlow instead of WebAssembly
  doctor         check this machine and name what to repair

  etude COMMAND --help   the options of a command
  etude --version        the version of Etude`;

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") return say(help);
  if (name === "--version" || name === "-v") return say(version());
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const known = Object.keys(commands).join(", ");
    throw new EtudeError(`${JSON.stringify(name)} is not a command. Use one of ${known}, or etude --help.`);
  }
  const command = await load();
  return args.includes("--help") || args.includes("-h") ? say(command.help) : command.run(args);
}

function say(text: string): number {
  console.log(text);
  return 0;
}

function version(): string {
  return (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }).version;
}

/** A mistake of the person gets its one sentence; anything else is a fault of ours and keeps its stack. */
function report(words: readonly string[], error: unknown): number {
  const where = ["etude", words[0]].filter(Boolean).join(" ");
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (error instanceof EtudeError) console.error(`${where}: ${error.message}`);
  else if (code.startsWith("ERR_PARSE_ARGS"))
    console.error(`${where}: ${(error as Error).message} See ${where} --help.`);
  else console.error(error);
  return 1;
}

const words = process.argv.slice(2);
process.exitCode = await main(words).catch((error: unknown) => report(words, error));
