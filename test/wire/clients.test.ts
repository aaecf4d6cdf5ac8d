import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Dealer } from "zeromq";
import { KernelClient } from "../../kernel/channels/client.js";
import { endpoint } from "../../kernel/channels/connection.js";
import type { ExecuteReply } from "../../kernel/protocol/execute.js";
import { HeaderMaker } from "../../kernel/protocol/message.js";
import { Wire } from "../../kernel/protocol/wire.js";
import { TestKernel } from "./kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(() => kernel.stop());

async function visit(): Promise<void> {
  const client = new KernelClient(kernel.launched.connection);
  await client.connect(); // it settles when the kernel has welcomed it
  const { reply } = await client.request<ExecuteReply>("execute_request", { code: "1", store_history: false });
  expect(reply.content.status).toBe("ok");
  await client.beat();
  client.close();
}

const openFiles = () => readdirSync(`/proc/${kernel.launched.process.pid}/fd`).length;

describe("clients", () => {
  it("that come and go 50 times are each welcomed and served, and leave no open file behind", async () => {
    for (let i = 0; i < 5; i++) await visit();
    const before = process.platform === "linux" ? openFiles() : 0;
    for (let i = 0; i < 50; i++) await visit();
    // The sockets of the last visitors may still be closing.
    if (process.platform === "linux") expect(openFiles()).toBeLessThanOrEqual(before + 10);
  });

  it("that are two with one kernel each get their own reply, and both hear all output", async () => {
    const other = new KernelClient(kernel.launched.connection);
    await other.connect();
    const heard = new Promise<string>((resolve) => {
      other.onIopub = ({ header, content }) => {
        if (header.msg_type === "stream") resolve((content as { text: string }).text);
      };
    });
    const [mine, theirs] = await Promise.all([
      kernel.run('console.log("for both"); "mine"'),
      other.request<ExecuteReply>("execute_request", { code: "'theirs'" }),
    ]);
    expect(mine.result).toBe("'mine'");
    expect(theirs.reply.content.status).toBe("ok");
    expect(await heard).toBe("for both\n");
    other.close();
  });

  it("with an identity that is still there take it over", async () => {
    const { connection } = kernel.launched;
    const wire = new Wire(connection.key, connection.signature_scheme, new HeaderMaker());
    const routingId = randomUUID();
    const ask = async (dealer: Dealer) => {
      const frames = wire.encode([], { type: "kernel_info_request", content: {} });
      await dealer.send(frames);
      const { message } = wire.decode(await dealer.receive());
      expect(message.parent.msg_id).toBe(JSON.parse(String(frames[2])).msg_id);
    };
    const first = new Dealer({ routingId, linger: 0 });
    first.connect(endpoint(connection, "shell"));
    await ask(first);
    const second = new Dealer({ routingId, linger: 0 });
    second.connect(endpoint(connection, "shell"));
    await ask(second);
    await ask(second);
    for (const dealer of [first, second]) dealer.close();
  });
});
