import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { curveKeyPair } from "zeromq";
import { type ConnectionInfo, channelNames } from "./connection.js";

export interface LaunchOptions {
  /** The kernel's command line; `{connection_file}` stands for the path, as in kernel.json. */
  readonly argv: readonly string[];
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where what the kernel says on its own stdout and stderr goes. @default "inherit" */
  readonly stdio?: "inherit" | "ignore" | "pipe";
  /** @default "tcp" */
  readonly transport?: "tcp" | "ipc";
  /** Encrypt: put CURVE keys in the connection file. @default false */
  readonly curve?: boolean;
  /** Lead a process group of its own, as Jupyter lets its kernels. @default false */
  readonly detached?: boolean;
}

export interface LaunchedKernel {
  readonly process: ChildProcess;
  readonly connection: ConnectionInfo;
  /** Starts the program once more with the same connection file, as Jupyter does to restart a kernel that has ended. */
  startAgain(): LaunchedKernel;
  /** Removes the connection file. */
  cleanUp(): void;
}

/** Starts a kernel as Jupyter does: free ports, a private connection file, the kernel's command line. */
export async function launchKernel(options: LaunchOptions): Promise<LaunchedKernel> {
  const { argv, folder, env = process.env, stdio = "inherit", transport = "tcp", detached = false } = options;
  const holder = mkdtempSync(join(tmpdir(), "etude-"));
  const numbers = transport === "tcp" ? await freePorts(channelNames.length) : channelNames.map((_, i) => i + 1);
  const connection: ConnectionInfo = {
    transport,
    ip: transport === "tcp" ? "127.0.0.1" : join(holder, "kernel"),
    ...(Object.fromEntries(channelNames.map((name, i) => [`${name}_port`, numbers[i]])) as Record<
      `${(typeof channelNames)[number]}_port`,
      number
    >),
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    ...(options.curve ? curveKeys() : {}),
  };
  const file = join(holder, "connection.json");
  writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
  const [program, ...rest] = argv.map((word) => word.replace("{connection_file}", file));
  const start = (): LaunchedKernel => ({
    process: spawn(program!, rest, { cwd: folder, env, stdio: ["ignore", stdio, stdio], detached }),
    connection,
    startAgain: start,
    cleanUp: () => rmSync(holder, { recursive: true, force: true }),
  });
  return start();
}

function curveKeys() {
  const { publicKey, secretKey } = curveKeyPair();
  return { curve_publickey: publicKey, curve_secretkey: secretKey };
}

/** Ports that this process has given to kernels: one that has not listened on its port yet would lose it to the next. */
const given = new Set<number>();

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  if (ports.some((port) => given.has(port))) return freePorts(count);
  for (const port of ports) given.add(port);
  return ports;
}

function listen() {
  return new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => resolve(server));
  });
}
