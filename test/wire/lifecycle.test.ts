import { execFile, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "@jest/globals";
import { KernelClient } from "../../kernel/channels/client.js";
import { TestKernel } from "./kernel.js";

const program = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "dist", "kernel", "main.js");

let kernel: TestKernel;
afterEach(() => kernel?.stop());

describe("the end of the user process", () => {
  it.each([
    ["process.exit(3)", "process.exit(3)"],
    ['process.kill(process.pid, "SIGSEGV")', "SIGSEGV"],
    ['process.kill(process.pid, "SIGKILL")', "SIGKILL"],
    ["process.abort()", "SIGABRT"],
  ])("by %s is explained, and the next cell runs in a fresh process", async (code, cause) => {
    kernel = await TestKernel.start();
    await kernel.run("const lost = 1");
    const { errors, reply } = await kernel.run(code);
    expect(reply).toMatchObject({ status: "error", ename: "ProcessEnded" });
    expect(errors[0]!.evalue).toContain(cause);
    expect(errors[0]!.evalue).toContain("Variables and imports are lost");
    const next = await kernel.run("typeof lost");
    expect(next.result).toBe("'undefined'");
    expect(next.reply.execution_count).toBe(3);
  });

  it("by a heap that is full names the heap", async () => {
    kernel = await TestKernel.start({ env: { NODE_OPTIONS: "--max-old-space-size=64" } });
    const { errors } = await kernel.run("const all: number[][] = []; for (;;) all.push(new Array(1e5).fill(1.5))");
    expect(errors[0]!.evalue).toContain("heap ran out of memory");
    expect((await kernel.run("1 + 1")).result).toBe("2");
  });

  it("what V8 can refuse is an ordinary error that keeps the state", async () => {
    kernel = await TestKernel.start();
    await kernel.run("const kept = 7; function deep(): number { return 1 + deep() }");
    for (const code of [
      "deep()",
      "await (async () => deep())()",
      "new ArrayBuffer(2 ** 52)",
      "new Float64Array(2 ** 40)",
      "new Array(2 ** 32)",
      '"x".repeat(2 ** 30)',
    ]) {
      const { errors } = await kernel.run(code);
      expect(errors.map(({ ename }) => ename)).toEqual(["RangeError"]);
      expect((await kernel.run("kept")).result).toBe("7");
    }
  });
});

describe("the kernel", () => {
  it("replies to shutdown, then ends with code 0", async () => {
    kernel = await TestKernel.start();
    const ended = new Promise((resolve) => kernel.launched.process.once("exit", resolve));
    const { reply } = await kernel.client.request("shutdown_request", { restart: true }, { channel: "control" });
    expect(reply.content).toEqual({ status: "ok", restart: true });
    expect(await ended).toBe(0);
  });

  it("leaves no process behind when it is killed, also in a busy loop", async () => {
    kernel = await TestKernel.start();
    const pid = Number((await kernel.run("process.pid")).result);
    void kernel.begin("while (true) {}").then(({ done }) => done.catch(() => {}));
    await kernel.client.request("kernel_info_request", {});
    kernel.launched.process.kill("SIGKILL");
    await gone(pid);
  });

  it("ends when the process that started it is gone", async () => {
    const folder = mkdtempSync(join(tmpdir(), "etude-test-"));
    const file = join(folder, "connection.json");
    const info = connection(await freePort());
    writeFileSync(file, JSON.stringify(info));
    const script = `const c = require("child_process").spawn(process.execPath, [${JSON.stringify(program)}, ${JSON.stringify(file)}], { stdio: "ignore", detached: true }); console.log(c.pid); setInterval(() => {}, 1000)`;
    const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (text) => resolve(Number(String(text)))),
    );
    const client = new KernelClient(info);
    await client.connect();
    parent.kill("SIGKILL");
    await gone(pid);
    client.close();
  });

  it("says in one sentence that a port is taken, and ends", async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) =>
      taken.listen(0, "127.0.0.1", () => resolve((taken.address() as { port: number }).port)),
    );
    const folder = mkdtempSync(join(tmpdir(), "etude-test-"));
    const file = join(folder, "connection.json");
    writeFileSync(file, JSON.stringify({ ...connection(await freePort()), shell_port: port }), { mode: 0o600 });
    const { code, stderr } = await started([file]);
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `etude: cannot listen on tcp://127.0.0.1:${port} (shell): the port is taken by another program. Start the kernel again.\n`,
    );
  });

  it.each([
    [[], "etude: expected a connection file as the only argument. Jupyter passes it.\n"],
    [["/no/such.json"], 'etude: cannot read the connection file "/no/such.json": there is no such file.\n'],
  ])("started with %j says what is wrong, and ends", async (args, message) => {
    expect(await started(args)).toEqual({ code: 1, stderr: message });
  });

  it("started with a file that is no connection file says which entry is missing", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "etude-test-")), "connection.json");
    writeFileSync(file, '{"shell_port": 70000}');
    const { stderr } = await started([file]);
    expect(stderr).toContain("needs shell_port, an integer from 1 to 65535, got 70000.");
  });
});

function connection(first: number) {
  const key = "test";
  const ports = {
    shell_port: first,
    control_port: first + 1,
    stdin_port: first + 2,
    iopub_port: first + 3,
    hb_port: first + 4,
  };
  return { transport: "tcp" as const, ip: "127.0.0.1", key, signature_scheme: "hmac-sha256", ...ports };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
  );
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function started(args: string[]): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], (error, _stdout, stderr) =>
      resolve({ code: (error?.code as number | undefined) ?? 0, stderr }),
    );
  });
}

/** Settles when the process has ended; the test's own time limit is the only bound. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
