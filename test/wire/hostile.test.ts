import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Dealer } from "zeromq";
import { hostileMessages } from "../../bench/soak/hostile-messages.mjs";
import { endpoint } from "../../kernel/channels/connection.js";
import { checkFields } from "../../kernel/protocol/fields.js";
import { HeaderMaker } from "../../kernel/protocol/message.js";
import { Wire, type WireFrame } from "../../kernel/protocol/wire.js";
import { TestKernel } from "./kernel.js";

type RequestChannel = "shell" | "control" | "stdin";

let kernel: TestKernel;
let log = "";
let ended: Promise<never>;
const delimiter = Buffer.from("<IDS|MSG>");
beforeAll(async () => {
  kernel = await TestKernel.start({ stdio: "pipe" });
  kernel.launched.process.stderr!.on("data", (text) => {
    log += text;
  });
  kernel.launched.process.stdout!.resume();
  ended = once(kernel.launched.process, "exit").then(([code, signal]) => {
    throw new Error(`the kernel ended: ${signal ?? code}\n${log}`);
  });
  ended.catch(() => {}); // reported where it is awaited
});
afterAll(() => kernel.stop());

/** A client without manners: sends frames as they are, and reads on without looking. */
class RawPeer {
  private readonly dealer = new Dealer({ routingId: randomUUID(), linger: 5000, sendHighWaterMark: 0 });
  private readonly answered = new Map<string, () => void>();
  private readonly wire = new Wire(kernel.launched.connection.key, "hmac-sha256", new HeaderMaker());

  constructor(private readonly channel: RequestChannel) {
    this.dealer.connect(endpoint(kernel.launched.connection, channel));
    void this.read();
  }

  send(frames: WireFrame[]): Promise<void> {
    return this.dealer.send(frames);
  }

  /** A right request behind all that was sent: when its answer is there, the kernel has seen the rest. */
  async seen(): Promise<void> {
    if (this.channel === "stdin") return; // it answers nothing; the other two are asked
    const frames = this.wire.encode([], { type: "kernel_info_request", content: {} });
    const id = JSON.parse(String(frames[2])).msg_id as string;
    const answer = new Promise<void>((resolve) => this.answered.set(id, resolve));
    await this.dealer.send(frames);
    await Promise.race([answer, ended]);
  }

  close(): void {
    this.dealer.close();
  }

  private async read(): Promise<void> {
    for await (const frames of this.dealer) {
      const parent = frames[frames.findIndex((frame) => frame.equals(delimiter)) + 3]; // behind all the identities
      const id = JSON.parse(String(parent)).msg_id as string | undefined;
      this.answered.get(id ?? "")?.();
    }
  }
}

async function alive(): Promise<void> {
  await kernel.client.beat();
  for (const channel of ["shell", "control"] as const) {
    const { reply } = await kernel.client.request<{ status: string }>("kernel_info_request", {}, { channel });
    expect(reply.content.status).toBe("ok");
  }
  const { reply, result } = await kernel.run("1+1");
  expect({ reply, result }).toMatchObject({ reply: { status: "ok" }, result: "2" });
}

describe("hostile messages", () => {
  it("by the thousand end nothing, run nothing and change no prototype", async () => {
    const { key } = kernel.launched.connection;
    const before = (await kernel.run("process.pid")).result;
    const peers = { shell: new RawPeer("shell"), control: new RawPeer("control"), stdin: new RawPeer("stdin") };
    const messages = hostileMessages(key, 20_261_124);
    for (let i = 0; i < 3000; i++) {
      const { channel, frames } = messages.next().value;
      await peers[channel].send(frames);
      if (i % 100 === 99) await Promise.all([peers.shell.seen(), peers.control.seen()]);
    }
    await alive();
    const prototype = "Object.getOwnPropertyNames(Object.prototype).length + (Object.prototype.polluted ?? 0)";
    const own = Object.getOwnPropertyNames(Object.prototype).length;
    expect((await kernel.run(prototype)).result).toBe(String(own));
    expect((await kernel.run("[typeof globalThis.forged, process.pid]")).result).toBe(`[ 'undefined', ${before} ]`);
    for (const peer of Object.values(peers)) peer.close();
  }, 120_000);

  it("decoded here change no prototype either", () => {
    const wire = new Wire("key", "hmac-sha256", new HeaderMaker());
    const before = Object.getOwnPropertyNames(Object.prototype);
    const messages = hostileMessages("key", 7);
    let decoded = 0;
    for (let i = 0; i < 3000; i++) {
      const frames = messages.next().value.frames.map((frame) => Buffer.from(frame));
      try {
        checkFields("test", { code: "string?" }, wire.decode(frames).message.content as Record<string, unknown>);
        decoded++;
      } catch (error) {
        expect((error as Error).message.length).toBeLessThan(200);
      }
    }
    expect(decoded).toBeGreaterThan(500);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect("polluted" in {}).toBe(false);
  });

  it("never bring the key, or a right signature, into the log or the arguments", async () => {
    const { key } = kernel.launched.connection;
    const wire = new Wire(key, "hmac-sha256", new HeaderMaker());
    const peer = new RawPeer("shell");
    const frames = wire.encode([], { type: "execute_request", content: { code: "1" } });
    await peer.send(frames.with(1, "0".repeat(64)));
    await peer.send([...frames.slice(0, 2), "{", "{}", "{}", "{}"]);
    await peer.seen();
    peer.close();
    expect(log).toContain("etude: dropped ");
    expect(log).not.toContain(key);
    expect(log).not.toContain(String(frames[1]));
    if (process.platform === "linux") {
      expect(readFileSync(`/proc/${kernel.launched.process.pid}/cmdline`, "utf8")).not.toContain(key);
    }
  });
});

describe("a forged execute_request", () => {
  const wire = () => new Wire(kernel.launched.connection.key, "hmac-sha256", new HeaderMaker());
  const forgeries: [string, (frames: WireFrame[]) => WireFrame[]][] = [
    ["a wrong signature", (f) => f.with(1, "0".repeat(64))],
    ["an empty signature", (f) => f.with(1, "")],
    ["a truncated signature", (f) => f.with(1, String(f[1]).slice(0, 32))],
    ["an upper-case signature", (f) => f.with(1, String(f[1]).toUpperCase())],
    ["swapped frames", (f) => f.with(3, f[4]!).with(4, f[3]!).with(2, f[5]!).with(5, f[2]!)],
    ["no signature frame", (f) => f.toSpliced(1, 1)],
  ];

  it.each(forgeries)("with %s does not run, on shell, control or stdin", async (_, forge) => {
    await kernel.run("globalThis.forged = 0");
    for (const channel of ["shell", "control", "stdin"] as const) {
      const peer = new RawPeer(channel);
      const code = "globalThis.forged++";
      await peer.send(forge(wire().encode([], { type: "execute_request", content: { code } })));
      await peer.seen();
      peer.close();
    }
    expect((await kernel.run("globalThis.forged")).result).toBe("0");
  });

  it("does not push a right one out of the memory of replays", async () => {
    await kernel.run("globalThis.runs = 0");
    const peer = new RawPeer("shell");
    const right = wire().encode([], { type: "execute_request", content: { code: "globalThis.runs++" } });
    await peer.send(right);
    for (let i = 0; i < 1000; i++) await peer.send(right.with(1, String(i).padStart(64, "0")));
    await peer.send(right);
    for (let i = 0; i < 1000; i++) {
      await peer.send(wire().encode([], { type: "nobody_request", content: {} }));
    }
    await peer.send(right);
    await peer.seen();
    peer.close();
    expect((await kernel.run("globalThis.runs")).result).toBe("1");
  });
});

describe("a request with a wrong field", () => {
  it.each<[string, object, string]>([
    ["execute_request", {}, "code must be a string, got nothing"],
    ["execute_request", { code: 5 }, "code must be a string, got 5"],
    ["execute_request", { code: "1", silent: "x" }, 'silent must be a boolean, got "x"'],
    ["execute_request", { code: "1", store_history: 1 }, "store_history must be a boolean, got 1"],
    ["execute_request", { code: "1", user_expressions: 5 }, "user_expressions must be an object of strings, got 5"],
    ["execute_request", { code: "1", user_expressions: { a: 1 } }, "user_expressions must be an object of strings"],
    ["execute_request", { code: "1", allow_stdin: "no" }, 'allow_stdin must be a boolean, got "no"'],
    ["execute_request", { code: "1", stop_on_error: [] }, "stop_on_error must be a boolean, got a list"],
    ["complete_request", { code: "1" }, "cursor_pos must be a number, got nothing"],
    ["complete_request", { code: "1", cursor_pos: null }, "cursor_pos must be a number, got null"],
    ["inspect_request", { code: "1", cursor_pos: 0, detail_level: 7 }, "detail_level must be one of 0, 1, got 7"],
    ["history_request", { hist_access_type: "all" }, 'must be one of "range", "tail", "search", got "all"'],
    ["history_request", { hist_access_type: "tail", n: "a" }, 'n must be a number, got "a"'],
    ["history_request", { hist_access_type: "search", pattern: 5 }, "pattern must be a string, got 5"],
    ["is_complete_request", { code: null }, "code must be a string, got null"],
    ["comm_info_request", { target_name: {} }, "target_name must be a string, got an object"],
    ["shutdown_request", { restart: "x" }, 'restart must be a boolean, got "x"'],
  ])("%s %j is answered with one clear error", async (type, content, sentence) => {
    const { reply, outputs } = await kernel.client.request<Record<string, unknown>>(type, content);
    expect(reply.content).toMatchObject({ status: "error", ename: "TypeError" });
    expect(reply.content.evalue).toContain(`${type}: `);
    expect(reply.content.evalue).toContain(sentence);
    expect(outputs.map(({ header }) => header.msg_type)).toEqual(["status", "status"]);
    if (type === "execute_request") expect(reply.content.execution_count).toEqual(expect.any(Number));
  });

  it("that is optional and null is as good as absent", async () => {
    const nothing = { silent: null, store_history: null, user_expressions: null, allow_stdin: null };
    expect((await kernel.run("2", nothing as object)).result).toBe("2");
    const { reply } = await kernel.client.request("history_request", { hist_access_type: "tail", n: null, stop: null });
    expect(reply.content).toMatchObject({ status: "ok" });
  });
});

describe("a cursor", () => {
  it.each([-1, -1e308, 1e308, 2 ** 53, 0.5, 100])("at %d is answered", async (cursor_pos) => {
    for (const type of ["complete_request", "inspect_request"]) {
      const { reply } = await kernel.client.request<{ status: string }>(type, { code: "Math.m", cursor_pos });
      expect(reply.content.status).toBe("ok");
    }
  });
});

describe("a large or deep message", () => {
  it("of a type that nobody knows is said busy and idle", async () => {
    const states: string[] = [];
    const idle = new Promise<void>((resolve) => {
      kernel.client.onIopub = ({ parent, content }) => {
        if (parent.msg_type !== "__proto__") return;
        states.push((content as { execution_state: string }).execution_state);
        if (states.length === 2) resolve();
      };
    });
    void kernel.client.request("__proto__", { deep: [[[[]]]] }).catch(() => {});
    await idle;
    kernel.client.onIopub = () => {};
    expect(states).toEqual(["busy", "idle"]);
  });

  it("with 100 MB of buffers arrives, and the kernel answers", async () => {
    const peer = new RawPeer("shell");
    const wire = new Wire(kernel.launched.connection.key, "hmac-sha256", new HeaderMaker());
    await peer.send(wire.encode([], { type: "comm_msg", content: {}, buffers: [Buffer.alloc(100e6)] }));
    await peer.seen();
    peer.close();
    await alive();
  });

  it.each([
    ["100,000 open brackets", "(".repeat(100_000)],
    ["deep templates", "`${".repeat(30_000)],
    ["20,000 comparisons in a row", "a<".repeat(20_000)],
  ])("is_complete with %s is unknown, and the kernel lives", async (_, code) => {
    const { reply } = await kernel.client.request("is_complete_request", { code });
    expect(reply.content).toEqual({ status: "unknown" });
    expect((await kernel.client.request("is_complete_request", { code: "(" })).reply.content).toMatchObject({
      status: "incomplete",
    });
    await alive();
  });
});
