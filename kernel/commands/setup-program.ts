import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Ending {
  /** Null after a signal, undefined if there is no such program. */
  readonly code: number | null | undefined;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly stop?: AbortSignal;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end and keeps what it says; a stop ends it and throws. */
export async function program(name: string, args: readonly string[], options: ProgramOptions = {}): Promise<Ending> {
  const { stop, cwd, env } = options;
  const child = spawn(name, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(stop && { signal: stop }),
  });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
    });
  }
  try {
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return { code, signal, ...said };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { code: undefined, signal: null, ...said };
    throw error;
  }
}
