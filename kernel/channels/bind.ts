import { randomInt } from "node:crypto";
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Address, type ChannelName, ConnectionError, endpointAt, type Ports } from "./connection.js";

/** The part of a ZeroMQ socket that binding needs. */
export interface Bindable {
  bind(address: string): Promise<void>;
  bindSync(address: string): void;
  readonly lastEndpoint: string | null;
}

/** The kernel before this one may just be ending: a port that is taken is tried again for a while. */
const patienceMs = 2000;
const retryAfterMs = 25;

/** Binds a channel's socket, to a free port if `address` names none, and returns the port. */
export async function bind(socket: Bindable, channel: ChannelName, address: Address & Partial<Ports>): Promise<number> {
  const { transport, ip } = address;
  const port = address[`${channel}_port`];
  const place = endpointAt(transport, ip, port ?? (transport === "ipc" ? randomInt(2 ** 31) : "*"));
  try {
    if (transport === "ipc") bindPath(socket, place);
    else await bindPort(socket, place);
  } catch (error) {
    throw new ConnectionError(`etude: cannot listen on ${place} (${channel}): ${reason(error)}`);
  }
  return Number(/\d+$/.exec(socket.lastEndpoint ?? place)![0]);
}

async function bindPort(socket: Bindable, place: string): Promise<void> {
  for (const end = Date.now() + patienceMs; ; await delay(retryAfterMs)) {
    try {
      return await socket.bind(place);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || Date.now() > end) throw error;
    }
  }
}

/** Binds a socket file that only this user can open, from its first moment on, and that goes when the kernel goes. */
function bindPath(socket: Bindable, place: string): void {
  const mask = process.umask(0o177);
  try {
    socket.bindSync(place);
  } finally {
    process.umask(mask);
  }
  const path = place.slice("ipc://".length);
  process.once("exit", () => rmSync(path, { force: true }));
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return "the port is taken by another program. Start the kernel again.";
  if (code === "ENAMETOOLONG") {
    return "the path is too long for a socket (103 bytes are safe everywhere). Use a shorter folder for the connection file.";
  }
  return `${message}. Start the kernel again.`;
}
