import { readFileSync, statSync } from "node:fs";
import {
  type Address,
  ConnectionError,
  type ConnectionInfo,
  channelNames,
  type Ports,
  type Registration,
} from "./connection.js";

/** A CurveZMQ key as text (ZeroMQ RFC 32/Z85): 32 bytes are 40 characters. */
const z85Key = /^[0-9A-Za-z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/;

/** Reads the file that Jupyter starts a kernel with. @throws ConnectionError, which never quotes a key. */
export function readConnectionFile(path: string): ConnectionInfo | Registration {
  const fields: Fields = new Fields(path, parse(path));
  const isRegistration = fields.has("registration_port");
  const ip = fields.text(isRegistration && !fields.has("ip") ? "registration_ip" : "ip", "127.0.0.1");
  const transport = fields.text("transport", "tcp");
  if (transport !== "tcp" && transport !== "ipc") fields.fail('needs transport "tcp" or "ipc"', transport);
  const signature_scheme = fields.text("signature_scheme", "hmac-sha256");
  if (!/^hmac-(sha256|sha384|sha512)$/.test(signature_scheme)) {
    fields.fail('needs signature_scheme "hmac-sha256"', signature_scheme);
  }
  const named: readonly string[] = isRegistration ? ["registration_port"] : channelNames.map((name) => `${name}_port`);
  const ports = Object.fromEntries(named.map((name) => [name, fields.port(name)]));
  const address: Address = { transport, ip, signature_scheme, key: signingKey(fields), ...curveKeys(fields) };
  if (!isRegistration) return { ...address, ...(ports as Ports) };
  return {
    ...address,
    kernel_id: fields.text("kernel_id", ""),
    registration_ip: fields.text("registration_ip", ip),
    registration_port: ports.registration_port!,
  };
}

/** A warning if other users of this machine may read the file, and so the key that runs code in the kernel. */
export function accessWarning(path: string): string | undefined {
  if (process.platform === "win32" || (statSync(path).mode & 0o077) === 0) return undefined;
  return `WARNING: other users of this machine can read the connection file ${JSON.stringify(path)}, and so run code as you. Make it private: chmod 600 ${path}`;
}

function parse(path: string): object {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : (error as Error).message;
    throw new ConnectionError(`etude: cannot read the connection file ${JSON.stringify(path)}: ${why}.`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
  } catch {
    // what the parser says may quote the key
  }
  throw new ConnectionError(`etude: the connection file ${JSON.stringify(path)} is not a JSON object.`);
}

function signingKey(fields: Fields): string {
  const key = fields.text("key", "");
  if (key === "" && process.env.ETUDE_ALLOW_UNSIGNED !== "1") {
    fields.refuse(
      "needs a key: without one, every program on this machine could run code in the kernel (ETUDE_ALLOW_UNSIGNED=1 lets it)",
    );
  }
  return key;
}

function curveKeys(fields: Fields): Pick<Address, "curve_publickey" | "curve_secretkey"> {
  const names = ["curve_publickey", "curve_secretkey"] as const;
  if (!names.some((name) => fields.has(name))) return {};
  for (const name of names) {
    const key = fields.text(name, "");
    if (!z85Key.test(key)) {
      fields.refuse(`needs ${name}, 40 characters of Z85, beside the other CURVE key; it has ${key.length} characters`);
    }
  }
  return { curve_publickey: fields.text("curve_publickey", ""), curve_secretkey: fields.text("curve_secretkey", "") };
}

/** The fields of one file; what is wrong with one is a sentence that names the file. */
class Fields {
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(
    private readonly path: string,
    values: object,
  ) {
    this.values = values as Record<string, unknown>;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.values, name);
  }

  text(name: string, whenAbsent: string): string {
    const value = this.has(name) ? this.values[name] : whenAbsent;
    if (typeof value !== "string") this.refuse(`needs ${name} to be a string, got a ${typeof value}`);
    return value;
  }

  port(name: string): number {
    const value = this.values[name];
    if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535) return value as number;
    return this.fail(`needs ${name}, an integer from 1 to 65535`, value);
  }

  fail(what: string, got: unknown): never {
    this.refuse(`${what}, got ${JSON.stringify(got)}`);
  }

  refuse(what: string): never {
    throw new ConnectionError(`etude: the connection file ${JSON.stringify(this.path)} ${what}.`);
  }
}
