import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "@jest/globals";
import { ConnectionError } from "../../kernel/channels/connection.js";
import { accessWarning, readConnectionFile } from "../../kernel/channels/connection-file.js";

const folder = mkdtempSync(join(tmpdir(), "etude-test-"));
const path = join(folder, "connection.json");
afterAll(() => rmSync(folder, { recursive: true }));

const secret = "5ecre7-5ecre7";
const z85 = "H<f#eY.+)ynG>Kec9l5T@LbI^b.5)(d1G5ck8SC>";
const good = {
  transport: "tcp",
  ip: "127.0.0.1",
  shell_port: 1,
  control_port: 2,
  stdin_port: 3,
  iopub_port: 4,
  hb_port: 5,
  key: secret,
  signature_scheme: "hmac-sha256",
};

function read(content: object | string) {
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return readConnectionFile(path);
}

function errorOf(content: object | string): string {
  try {
    read(content);
  } catch (error) {
    expect(error).toBeInstanceOf(ConnectionError);
    return (error as Error).message;
  }
  return "no error";
}

describe("a connection file", () => {
  it("is read as it stands, and what Jupyter writes beside it is left out", () => {
    expect(read({ ...good, kernel_name: "etude", jupyter_session: "a.ipynb" })).toEqual(good);
  });

  it("may leave out what has a default", () => {
    const { transport, ip, signature_scheme, ...rest } = good;
    expect(read(rest)).toEqual(good);
  });

  it("may hold a pair of CURVE keys", () => {
    const keys = { curve_publickey: z85, curve_secretkey: z85 };
    expect(read({ ...good, ...keys })).toEqual({ ...good, ...keys });
  });

  it.each<[string, object | string, string]>([
    ["is text", `{"key": "${secret}"`, "is not a JSON object."],
    ["is a list", `["${secret}"]`, "is not a JSON object."],
    ["lacks a port", { ...good, hb_port: undefined }, "needs hb_port, an integer from 1 to 65535, got undefined."],
    ["has a port as text", { ...good, hb_port: "5" }, 'needs hb_port, an integer from 1 to 65535, got "5".'],
    ["names another transport", { ...good, transport: "udp" }, 'needs transport "tcp" or "ipc", got "udp".'],
    ["names another scheme", { ...good, signature_scheme: "md5" }, 'needs signature_scheme "hmac-sha256", got "md5".'],
    ["has a number as key", { ...good, key: 7 }, "needs key to be a string, got a number."],
    ["has one CURVE key", { ...good, curve_publickey: z85 }, "needs curve_secretkey, 40 characters of Z85"],
    ["has the other alone", { ...good, curve_secretkey: z85 }, "needs curve_publickey, 40 characters of Z85"],
    [
      "has a CURVE key that is too short",
      { ...good, curve_publickey: z85, curve_secretkey: z85.slice(1) },
      "needs curve_secretkey, 40 characters of Z85, beside the other CURVE key; it has 39 characters.",
    ],
    [
      "has a CURVE key with a wrong character",
      { ...good, curve_publickey: z85, curve_secretkey: z85.replace("H", "~") },
      "needs curve_secretkey, 40 characters of Z85",
    ],
  ])("that %s is refused in one sentence without a key in it", (_, content, sentence) => {
    const message = errorOf(content);
    expect(message).toContain(`the connection file ${JSON.stringify(path)} ${sentence}`);
    expect(message).not.toContain(secret);
    expect(message).not.toContain(z85.slice(1));
    expect(message).not.toContain("\n");
  });
});

describe("a connection file without a key", () => {
  afterEach(() => {
    delete process.env.ETUDE_ALLOW_UNSIGNED;
  });

  it.each([[{ ...good, key: "" }], [{ ...good, key: undefined }]])("is refused: %j", (content) => {
    expect(errorOf(content)).toContain("needs a key: without one, every program on this machine could run code");
  });

  it("is taken when ETUDE_ALLOW_UNSIGNED is 1", () => {
    process.env.ETUDE_ALLOW_UNSIGNED = "1";
    expect(read({ ...good, key: "" })).toEqual({ ...good, key: "" });
  });
});

describe("a registration file", () => {
  const file = {
    kernel_id: "k1",
    transport: "tcp",
    registration_ip: "127.0.0.1",
    registration_port: 9,
    signature_scheme: "hmac-sha256",
    key: secret,
  };

  it("says where to register; the kernel listens at the same address unless it names another", () => {
    expect(read(file)).toEqual({ ...file, ip: "127.0.0.1" });
    expect(read({ ...file, ip: "127.0.0.2" })).toEqual({ ...file, ip: "127.0.0.2" });
  });

  it("with a bad port is refused", () => {
    expect(errorOf({ ...file, registration_port: 0 })).toContain("needs registration_port, an integer from 1 to 65535");
  });
});

describe("the access warning", () => {
  it.each([
    [0o600, false],
    [0o400, false],
    [0o640, true],
    [0o604, true],
    [0o644, true],
  ])("of a file with mode %o: %s", (mode, warns) => {
    read(good);
    chmodSync(path, mode);
    const warning = accessWarning(path);
    chmodSync(path, 0o600);
    expect(warning !== undefined).toBe(warns && process.platform !== "win32");
    if (warning) expect(warning).toContain(`chmod 600 ${path}`);
  });
});
