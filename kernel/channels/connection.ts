export type ChannelName = "shell" | "control" | "stdin" | "iopub" | "hb";
export const channelNames: readonly ChannelName[] = ["shell", "control", "stdin", "iopub", "hb"];

export type Ports = Readonly<Record<`${ChannelName}_port`, number>>;

/** Where a kernel listens, how it signs and, with CURVE keys, how it encrypts. */
export interface Address {
  readonly transport: "tcp" | "ipc";
  /** With ipc the beginning of a path: a socket's path is `IP-PORT`. */
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: string;
  /** Z85 text. With this pair all five sockets speak CURVE, and nothing else. */
  readonly curve_publickey?: string | undefined;
  readonly curve_secretkey?: string | undefined;
}

/** What a connection file says. */
export interface ConnectionInfo extends Address, Ports {}

/** What a registration file says: the kernel chooses its ports itself and tells them there (JEP 66). */
export interface Registration extends Address {
  readonly kernel_id: string;
  readonly registration_ip: string;
  readonly registration_port: number;
}

/** A start that cannot be served, or a port that is taken; the message is one sentence for the terminal. */
export class ConnectionError extends Error {}

export function isRegistration(start: ConnectionInfo | Registration): start is Registration {
  return "registration_port" in start;
}

export function endpoint(info: ConnectionInfo, channel: ChannelName): string {
  return endpointAt(info.transport, info.ip, info[`${channel}_port`]);
}

export function endpointAt(transport: Address["transport"], ip: string, port: number | "*"): string {
  return transport === "ipc" ? `ipc://${ip}-${port}` : `tcp://${ip}:${port}`;
}
