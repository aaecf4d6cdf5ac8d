import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { Router } from "zeromq";
import { KernelClient } from "../../kernel/channels/client.js";
import { type ConnectionInfo, channelNames } from "../../kernel/channels/connection.js";
import { HeaderMaker } from "../../kernel/protocol/message.js";
import { Wire } from "../../kernel/protocol/wire.js";
import { failedStart, program, TestKernel } from "./kernel.js";

const key = "registration-key";
const wire = (own = key) => new Wire(own, "hmac-sha256", new HeaderMaker());

/** What starts kernels by the handshake: listens on a free port, and hands out a registration file that names it. */
class Registrar {
  private readonly socket = new Router({ linger: 0 });
  private constructor(
    readonly folder: string,
    private readonly transport: "tcp" | "ipc",
  ) {}

  static async open(transport: "tcp" | "ipc"): Promise<Registrar> {
    const registrar = new Registrar(mkdtempSync(join(tmpdir(), "etude-test-")), transport);
    const { socket, folder } = registrar;
    await socket.bind(transport === "tcp" ? "tcp://127.0.0.1:*" : `ipc://${join(folder, "registrar")}-1`);
    return registrar;
  }

  get file() {
    const tcp = this.transport === "tcp";
    return {
      kernel_id: "kernel-1",
      transport: this.transport,
      registration_ip: tcp ? "127.0.0.1" : join(this.folder, "registrar"),
      registration_port: tcp ? Number(/\d+$/.exec(this.socket.lastEndpoint!)![0]) : 1,
      signature_scheme: "hmac-sha256",
      key,
    };
  }

  start(): ChildProcess {
    const path = join(this.folder, "registration.json");
    writeFileSync(path, JSON.stringify(this.file), { mode: 0o600 });
    return spawn(process.execPath, [program, path], { stdio: "ignore", cwd: this.folder });
  }

  /** Waits for a kernel's ports and answers with these frames. */
  async receive(answer: (wire: Wire) => (string | Uint8Array)[]): Promise<Buffer[]> {
    const [identity, ...frames] = await this.socket.receive();
    await this.socket.send([identity!, ...answer(wire())]);
    return frames;
  }

  close(): void {
    this.socket.close();
    rmSync(this.folder, { recursive: true });
  }
}

describe.each(["tcp", "ipc"] as const)("the start-up handshake over %s", (transport) => {
  it("tells the ports in one signed content, and the kernel works when they are acknowledged", async () => {
    const registrar = await Registrar.open(transport);
    const child = registrar.start();
    const frames = await registrar.receive((right) => right.seal({ status: "ok" }));
    expect(frames).toHaveLength(3);
    expect(wire().isSealed(frames)).toBe(true);
    const { kernel_id, ...ports } = JSON.parse(String(frames[2]));
    expect(kernel_id).toBe("kernel-1");
    expect(Object.keys(ports).sort()).toEqual(channelNames.map((name) => `${name}_port`).sort());
    expect(Object.values(ports).every((port) => typeof port === "string")).toBe(true);
    const { registration_ip: ip, registration_port: _, ...rest } = registrar.file;
    const numbers = Object.entries(ports).map(([name, port]) => [name, Number(port)]);
    const client = new KernelClient({ ...rest, ip, ...Object.fromEntries(numbers) } as ConnectionInfo);
    await client.connect();
    const { reply } = await client.request<{ status: string }>("execute_request", { code: "1" });
    expect(reply.content.status).toBe("ok");
    const ended = once(child, "exit");
    void client.request("shutdown_request", {}, { channel: "control" }).catch(() => {});
    await ended;
    client.close();
    registrar.close();
  });
});

describe("a start by the handshake", () => {
  it("ends with one sentence when the answer has a wrong signature", async () => {
    const registrar = await Registrar.open("tcp");
    const failed = failedStart(registrar.file);
    await registrar.receive(() => wire("another key").seal({ status: "ok" }));
    const { code, stderr } = await failed;
    const { registration_port: port } = registrar.file;
    expect(code).toBe(1);
    expect(stderr).toBe(
      `etude: cannot register at tcp://127.0.0.1:${port}: the answer has a wrong signature. Start the kernel again.\n`,
    );
    registrar.close();
  });

  it("ends with one sentence when no answer comes within 5 s", async () => {
    const registrar = await Registrar.open("tcp");
    const { code, stderr } = await failedStart(registrar.file);
    expect(code).toBe(1);
    expect(stderr).toContain(": no answer came within 5 s. Start the kernel again.\n");
    registrar.close();
  });
});

describe("a start", () => {
  const kernels: TestKernel[] = [];
  afterEach(async () => {
    await Promise.all(kernels.splice(0).map((kernel) => kernel.stop()));
  });

  it("of 20 kernels at once gives 20 kernels that work", async () => {
    const started = await Promise.all(Array.from({ length: 20 }, () => TestKernel.start()));
    kernels.push(...started);
    const runs = await Promise.all(started.map((kernel, i) => kernel.run(`${i} + 1`)));
    expect(runs.map(({ result }) => result)).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 1)));
  }, 120_000);
});

const connection = {
  transport: "tcp",
  ip: "127.0.0.1",
  key: "s3cret-of-this-test",
  signature_scheme: "hmac-sha256",
  shell_port: 1,
  control_port: 1,
  stdin_port: 1,
  iopub_port: 1,
  hb_port: 1,
};

describe("secrets on disk", () => {
  it("that others can read are told in one loud line, without the key", async () => {
    // The ports are none that a kernel could listen on, so it ends by itself.
    const { stderr, file } = await failedStart({ ...connection, ip: "192.0.2.1" }, { mode: 0o644 });
    const [warning] = stderr.split("\n");
    expect(warning).toContain(`etude: WARNING: other users of this machine can read the connection file`);
    expect(warning).toContain(`chmod 600 ${file}`);
    expect(stderr.match(/WARNING/g)).toHaveLength(1);
    expect(stderr).not.toContain(connection.key);
  });

  it("that are private are not spoken of", async () => {
    expect((await failedStart({ ...connection, ip: "192.0.2.1" })).stderr).not.toContain("WARNING");
  });

  it("of ours are private whatever the umask is", async () => {
    const before = process.umask(0);
    const kernel = await TestKernel.start({ transport: "ipc" }).finally(() => process.umask(before));
    await kernel.run("1");
    await kernel.restart(); // the history is written at the end
    const holder = join(kernel.launched.connection.ip, "..");
    const files = readdirSync(holder).map((name) => join(holder, name));
    expect(files).toHaveLength(1 + channelNames.length);
    files.push(join(kernel.folder, ".data", "etude", "history.jsonl"));
    for (const file of [holder, join(kernel.folder, ".data", "etude"), ...files]) {
      expect([file, statSync(file).mode & 0o077]).toEqual([file, 0]);
    }
    await kernel.stop();
  });
});

describe("an unsigned kernel", () => {
  it("does not start", async () => {
    const { code, stderr } = await failedStart({ ...connection, key: "" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^etude: the connection file \S+ needs a key: .*\n$/);
  });
});
