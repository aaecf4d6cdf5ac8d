import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../../src/core/package-root.js";

export interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built `etude` command as a shell would. */
export function startEtude(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const program = join(packageRoot, "dist", "kernel", "commands", "etude.js");
  const { NODE_OPTIONS: _ofJest, ...inherited } = process.env;
  const child = spawn(process.execPath, [program, ...args], { env: { ...inherited, ...env } });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = once(child, "close").then(([code]): CommandRun => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}

export function etude(...args: readonly string[]): Promise<CommandRun> {
  return startEtude(args).ended;
}
