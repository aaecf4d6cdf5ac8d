import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Dealer, Subscriber } from "zeromq";
import { endpoint } from "../../kernel/channels/connection.js";
import { HeaderMaker, type Message } from "../../kernel/protocol/message.js";
import type { UsageReply } from "../../kernel/protocol/usage.js";
import { Wire, type WireFrame } from "../../kernel/protocol/wire.js";
import { TestKernel } from "./kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(() => kernel.stop());

const states = (outputs: readonly Message<never>[]) =>
  outputs
    .filter(({ header }) => header.msg_type === "status")
    .map(({ content }) => (content as { execution_state: string }).execution_state);

describe("every request", () => {
  it.each([
    ["kernel_info_request", {}, "shell"],
    ["kernel_info_request", {}, "control"],
    ["is_complete_request", { code: "1" }, "shell"],
    ["history_request", { hist_access_type: "tail", n: 3 }, "shell"],
    ["comm_info_request", {}, "shell"],
    ["complete_request", { code: "Math.", cursor_pos: 5 }, "shell"],
    ["inspect_request", { code: "Math", cursor_pos: 2 }, "shell"],
    ["interrupt_request", {}, "control"],
  ] as const)("%s %j on %s is answered between busy and idle", async (type, content, channel) => {
    const { reply, outputs } = await kernel.client.request<{ status: string }>(type, content, { channel });
    expect(reply.header.msg_type).toBe(type.replace("request", "reply"));
    expect(reply.content.status).toBe(type === "is_complete_request" ? "complete" : "ok");
    expect(states(outputs)).toEqual(["busy", "idle"]);
  });

  it("has a parent header that is its own header, and a session that is the kernel's own", async () => {
    const { reply, outputs } = await kernel.client.request("kernel_info_request", {});
    for (const message of outputs) expect(message.parent).toEqual(reply.parent);
    const sessions = new Set([reply, ...outputs].map(({ header }) => header.session));
    expect(sessions.size).toBe(1);
    expect(sessions.has(reply.parent.session!)).toBe(false);
  });

  it("with content that cannot be served is answered with an error, and the kernel lives", async () => {
    const { reply } = await kernel.client.request<{ status: string }>("complete_request", { code: 5, cursor_pos: "x" });
    expect(reply.content.status).toBe("error");
    expect((await kernel.run("1")).result).toBe("1");
  });
});

describe("kernel_info", () => {
  it("says language, versions and protocol 5.5", async () => {
    const { reply } = await kernel.client.request<Record<string, unknown>>("kernel_info_request", {});
    expect(reply.content).toMatchObject({
      protocol_version: "5.5",
      implementation: "etude",
      banner: expect.stringMatching(/^Etude \S+: TypeScript \S+ on Node \S+, tensors on wasm$/),
      language_info: {
        name: "typescript",
        file_extension: ".ts",
        mimetype: "application/typescript",
        codemirror_mode: "typescript",
      },
      supported_features: [],
    });
  });
});

describe("usage", () => {
  it("says what the kernel and its machine use, also while a cell runs, and without states", async () => {
    const { done } = await kernel.begin('console.log("begun"); while (true) {}', "begun");
    const seen: string[] = [];
    kernel.client.onIopub = ({ header }) => seen.push(header.msg_type);
    const ask = () =>
      new Promise<Message<never>>((onReply) => {
        void kernel.client.request("usage_request", {}, { channel: "control", onReply }).catch(() => {});
      });
    const first = (await ask()).content as UsageReply;
    const second = (await ask()).content as UsageReply;
    expect(seen).toEqual([]);
    kernel.client.onIopub = () => {};
    await kernel.interrupt();
    await done;
    expect(first).not.toHaveProperty("host_cpu_percent");
    expect(second).toMatchObject({ pid: kernel.launched.process.pid, cpu_count: expect.any(Number) });
    expect(second.kernel_memory).toBeGreaterThan(80e6);
    const { total, available, used } = second.host_virtual_memory;
    expect(available + used).toBe(total);
  });
});

describe("while a cell is busy", () => {
  it("heartbeat, control, completeness and kernel_info are answered, and the cell stays busy", async () => {
    const { done } = await kernel.begin('console.log("begun"); while (true) {}', "begun");
    let state = "busy";
    let onState: () => void = () => {};
    kernel.client.onIopub = ({ header, content }) => {
      if (header.msg_type !== "status") return;
      state = (content as { execution_state: string }).execution_state;
      onState();
    };
    await kernel.client.beat();
    await kernel.client.request("kernel_info_request", {}, { channel: "control" });
    await kernel.client.request("is_complete_request", { code: "(" });
    const { reply } = await kernel.client.request<{ status: string }>("complete_request", {
      code: "Math.",
      cursor_pos: 5,
    });
    expect(reply.content.status).toBe("ok");
    while (state !== "busy") {
      await new Promise<void>((resolve) => {
        onState = resolve;
      });
    }
    kernel.client.onIopub = () => {};
    await kernel.interrupt();
    expect((await done).reply.status).toBe("error");
  });
});

describe("iopub", () => {
  it("welcomes every subscriber with its topic, before anything else", async () => {
    for (const topic of ["", "", "stream"]) {
      const subscriber = new Subscriber({ linger: 0 });
      subscriber.connect(endpoint(kernel.launched.connection, "iopub"));
      subscriber.subscribe(topic);
      const frames = await subscriber.receive();
      const { message } = new Wire(kernel.launched.connection.key, "hmac-sha256", new HeaderMaker()).decode(frames);
      expect(message.header.msg_type).toBe("iopub_welcome");
      expect(message.content).toEqual({ subscription: topic });
      subscriber.close();
    }
  });
});

describe("messages that must not run", () => {
  const raw = async (frames: WireFrame[], times: number) => {
    const dealer = new Dealer({ routingId: randomUUID(), linger: 1000 });
    dealer.connect(endpoint(kernel.launched.connection, "shell"));
    for (let i = 0; i < times; i++) await dealer.send(frames);
    return dealer;
  };
  const count = async () => Number((await kernel.run("globalThis.runs ?? 0")).result);
  const code = "globalThis.runs = (globalThis.runs ?? 0) + 1";
  const wire = (key: string) => new Wire(key, "hmac-sha256", new HeaderMaker());

  it("are those with a wrong signature", async () => {
    const before = await count();
    const dealer = await raw(wire("wrong").encode([], { type: "execute_request", content: { code } }), 20);
    // A right one on the same socket comes after them.
    await dealer.send(wire(kernel.launched.connection.key).encode([], { type: "kernel_info_request", content: {} }));
    await dealer.receive();
    dealer.close();
    expect(await count()).toBe(before);
  });

  it("are copies of one that ran", async () => {
    const before = await count();
    const right = wire(kernel.launched.connection.key);
    const dealer = await raw(right.encode([], { type: "execute_request", content: { code } }), 3);
    await dealer.receive();
    await dealer.send(right.encode([], { type: "kernel_info_request", content: {} }));
    await dealer.receive();
    dealer.close();
    expect(await count()).toBe(before + 1);
  });

  it("are junk, and the kernel lives", async () => {
    const dealer = await raw([Buffer.from("junk")], 10);
    await dealer.send([
      Buffer.from("<IDS|MSG>"),
      Buffer.from("ff"),
      ...Array.from({ length: 4 }, () => Buffer.from("{}")),
    ]);
    dealer.close();
    expect((await kernel.run("6 * 7")).result).toBe("42");
  });
});
