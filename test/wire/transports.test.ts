import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { curveKeyPair, Dealer, type Socket, Subscriber } from "zeromq";
import { channelNames, endpoint } from "../../kernel/channels/connection.js";
import { HeaderMaker } from "../../kernel/protocol/message.js";
import { Wire } from "../../kernel/protocol/wire.js";
import { failedStart, TestKernel, type TestKernelOptions } from "./kernel.js";

const ways: [string, TestKernelOptions][] = [
  ["tcp with CURVE", { curve: true }],
  ["ipc", { transport: "ipc" }],
  ["ipc with CURVE", { transport: "ipc", curve: true }],
];

describe.each(ways)("over %s", (_, options) => {
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await TestKernel.start(options);
  });
  afterAll(() => kernel.stop());

  it.each(["shell", "control"] as const)("kernel_info is answered on %s", async (channel) => {
    const { reply } = await kernel.client.request<{ status: string }>("kernel_info_request", {}, { channel });
    expect(reply.content.status).toBe("ok");
  });

  it("a cell runs and shows", async () => {
    const { stdout, result } = await kernel.run('console.log("out"); 6 * 7');
    expect([stdout, result]).toEqual(["out\n", "42"]);
  });

  it("the client is asked for input", async () => {
    const { result } = await kernel.run('await input("Name? ")', {}, { onInput: (prompt) => `${prompt}Ada` });
    expect(result).toBe("'Name? Ada'");
  });

  it("the heart beats and Stop works while a cell is busy", async () => {
    const { done } = await kernel.begin('console.log("begun"); while (true) {}', "begun");
    await kernel.client.beat();
    await kernel.interrupt();
    expect((await done).reply).toMatchObject({ status: "error", ename: "Interrupted" });
  });

  it("a second kernel starts, and ends when asked to", async () => {
    const other = await TestKernel.start(options);
    const ended = new Promise((resolve) => other.launched.process.once("exit", resolve));
    const { reply } = await other.client.request("shutdown_request", { restart: false }, { channel: "control" });
    expect(reply.content).toEqual({ status: "ok", restart: false });
    expect(await ended).toBe(0);
    await other.stop();
  });
});

describe("socket files", () => {
  const paths = ({ launched: { connection } }: TestKernel) =>
    channelNames.map((name) => endpoint(connection, name).slice("ipc://".length));
  let kernel: TestKernel | undefined;
  afterEach(() => kernel?.stop());

  it("can be opened by their owner alone, and are gone after shutdown", async () => {
    kernel = await TestKernel.start({ transport: "ipc" });
    const files = paths(kernel);
    for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
    const ended = new Promise((resolve) => kernel!.launched.process.once("exit", resolve));
    await kernel.client.request("shutdown_request", {}, { channel: "control" });
    await ended;
    expect(files.filter((file) => existsSync(file))).toEqual([]);
  });

  it("are gone after SIGTERM, and what a killed kernel left is no obstacle to the next", async () => {
    kernel = await TestKernel.start({ transport: "ipc" });
    const files = paths(kernel);
    const ended = new Promise((resolve) => kernel!.launched.process.once("exit", resolve));
    kernel.launched.process.kill("SIGTERM");
    await ended;
    expect(files.filter((file) => existsSync(file))).toEqual([]);
    for (const file of files) writeFileSync(file, "left over");
    await kernel.restart();
    expect((await kernel.run("1 + 1")).result).toBe("2");
  });

  it("with a path that is too long are refused in one sentence", async () => {
    const folder = mkdtempSync(join(tmpdir(), "etude-test-"));
    const long = join(folder, "x".repeat(100));
    mkdirSync(long);
    const ports = { shell_port: 1, control_port: 2, stdin_port: 3, iopub_port: 4, hb_port: 5 };
    const { code, stderr } = await failedStart({ transport: "ipc", ip: join(long, "kernel"), key: "k", ...ports });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^etude: cannot listen on ipc:\S+ \(\w+\): the path is too long for a socket .*\n$/);
    rmSync(folder, { recursive: true });
  });
});

describe("a kernel with CURVE keys", () => {
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await TestKernel.start({ curve: true });
  });
  afterAll(() => kernel.stop());

  const otherPair = () => {
    const { publicKey, secretKey } = curveKeyPair();
    return { curveServerKey: curveKeyPair().publicKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
  };
  const signed = (code: string) => {
    const wire = new Wire(kernel.launched.connection.key, "hmac-sha256", new HeaderMaker());
    return wire.encode([], { type: "execute_request", content: { code } });
  };
  const strangers: [string, () => object][] = [
    ["without keys", () => ({})],
    ["that has another public key of the kernel", otherPair],
  ];

  describe.each(strangers)("and a peer %s", (_, keys) => {
    it.each(channelNames)("tell each other nothing on %s", async (channel) => {
      const options = { linger: 0, ...keys() };
      const peer = channel === "iopub" ? new Subscriber(options) : new Dealer(options);
      const refused = refusal(peer);
      peer.connect(endpoint(kernel.launched.connection, channel));
      if (peer instanceof Subscriber) peer.subscribe("");
      else await peer.send(signed("globalThis.stranger = true"));
      await refused;
      // Were they connected, this cell's output or its echo would be there by now.
      expect((await kernel.run('console.log("secret"); 1')).stdout).toBe("secret\n");
      await kernel.client.beat();
      expect(peer.readable).toBe(false);
      expect((await kernel.run("typeof stranger")).result).toBe("'undefined'");
      peer.close();
    });
  });
});

/** Settles when the connection was given up. */
async function refusal(socket: Socket): Promise<void> {
  for await (const { type } of socket.events) if (type === "disconnect") return;
}
