import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionInfo, channelNames } from "./connection.js";

export interface LaunchOptions {
  /** The kernel's command line; `{connection_file}` stands for the path, as in kernel.json. */
  readonly argv: readonly string[];
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where what the kernel says on its own stdout and stderr goes. @default "inherit" */
  readonly stdio?: "inherit" | "ignore";
}

export interface LaunchedKernel {
  readonly process: ChildProcess;
  readonly connection: ConnectionInfo;
  /** Removes the connection file. */
  cleanUp(): void;
}

/** Starts a kernel as Jupyter does: free ports, a private connection file, the kernel's command line. */
export async function launchKernel({ argv, folder, env, stdio = "inherit" }: LaunchOptions): Promise<LaunchedKernel> {
  const ports = await freePorts(channelNames.length);
  const connection: ConnectionInfo = {
    transport: "tcp",
    ip: "127.0.0.1",
    ...(Object.fromEntries(channelNames.map((name, i) => [`${name}_port`, ports[i]])) as Record<
      `${(typeof channelNames)[number]}_port`,
      number
    >),
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
  };
  const holder = mkdtempSync(join(tmpdir(), "etude-"));
  const file = join(holder, "connection.json");
  writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
  const [program, ...rest] = argv.map((word) => word.replace("{connection_file}", file));
  const child = spawn(program!, rest, { cwd: folder, env: env ?? process.env, stdio: ["ignore", stdio, stdio] });
  return { process: child, connection, cleanUp: () => rmSync(holder, { recursive: true, force: true }) };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen() {
  return new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => resolve(server));
  });
}
