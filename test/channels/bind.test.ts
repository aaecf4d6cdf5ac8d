import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { Router } from "zeromq";
import { bind } from "../../kernel/channels/bind.js";

const address = { transport: "tcp", ip: "127.0.0.1", key: "k", signature_scheme: "hmac-sha256" } as const;

/** A socket whose port is taken for the first few tries. */
function takenFor(tries: number) {
  return {
    tries: 0,
    lastEndpoint: null,
    async bind() {
      if (this.tries++ < tries) throw Object.assign(new Error("Address already in use"), { code: "EADDRINUSE" });
    },
    bindSync() {},
  };
}

describe("binding", () => {
  it("tries a port again that is just becoming free", async () => {
    const socket = takenFor(3);
    expect(await bind(socket, "shell", { ...address, shell_port: 5000 })).toBe(5000);
    expect(socket.tries).toBe(4);
  });

  it("gives up on a port that stays taken, in one sentence", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const socket = new Router();
    await expect(bind(socket, "hb", { ...address, hb_port: port })).rejects.toThrow(
      `etude: cannot listen on tcp://127.0.0.1:${port} (hb): the port is taken by another program. Start the kernel again.`,
    );
    socket.close();
    server.close();
  });

  it("does not try an address again that will never be right", async () => {
    const socket = {
      ...takenFor(0),
      async bind() {
        this.tries++;
        throw Object.assign(new Error("No such device"), { code: "ENODEV" });
      },
    };
    await expect(bind(socket, "shell", { ...address, shell_port: 1 })).rejects.toThrow(
      "(shell): No such device. Start",
    );
    expect(socket.tries).toBe(1);
  });

  it("without a port takes a free one and says which", async () => {
    const socket = new Router();
    const port = await bind(socket, "shell", address);
    expect(socket.lastEndpoint).toBe(`tcp://127.0.0.1:${port}`);
    socket.close();
  });
});
