import { readFileSync } from "node:fs";

/** What a connection file says: where to listen and how to sign. */
export interface ConnectionInfo {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly iopub_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: string;
}

export type ChannelName = "shell" | "control" | "stdin" | "iopub" | "hb";
export const channelNames: readonly ChannelName[] = ["shell", "control", "stdin", "iopub", "hb"];

/** A connection file that cannot be used, or a port that is taken; the message is one sentence for the terminal. */
export class ConnectionError extends Error {}

export function readConnectionFile(path: string): ConnectionInfo {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : (error as Error).message;
    throw new ConnectionError(`etude: cannot read the connection file ${JSON.stringify(path)}: ${why}.`);
  }
  let info: Partial<ConnectionInfo>;
  try {
    info = JSON.parse(text);
  } catch {
    throw new ConnectionError(`etude: the connection file ${JSON.stringify(path)} is not JSON.`);
  }
  for (const name of channelNames) {
    const port: unknown = info?.[`${name}_port`];
    if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65535) {
      throw new ConnectionError(
        `etude: the connection file ${JSON.stringify(path)} needs ${name}_port, an integer from 1 to 65535, got ${JSON.stringify(port)}.`,
      );
    }
  }
  const { transport = "tcp", signature_scheme = "hmac-sha256", key = "", ip = "127.0.0.1" } = info;
  if (transport !== "tcp" && transport !== "ipc") {
    throw new ConnectionError(`etude: transport must be "tcp" or "ipc", got ${JSON.stringify(transport)}.`);
  }
  if (!/^hmac-(sha256|sha384|sha512)$/.test(signature_scheme)) {
    throw new ConnectionError(
      `etude: signature_scheme must be "hmac-sha256", got ${JSON.stringify(signature_scheme)}.`,
    );
  }
  return { ...(info as ConnectionInfo), transport, signature_scheme, key, ip };
}

export function endpoint(info: ConnectionInfo, channel: ChannelName): string {
  const port = info[`${channel}_port`];
  return info.transport === "ipc" ? `ipc://${info.ip}-${port}` : `tcp://${info.ip}:${port}`;
}
