import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { type Notice, Notify } from "../../src/callbacks/notify.js";
import { scriptedFit } from "./scripted-fit.js";

const script = [{ loss: 2 }, { loss: 1 }];
let lines: string[];
beforeEach(() => {
  lines = [];
  jest.spyOn(console, "warn").mockImplementation((line) => void lines.push(String(line)));
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** A server that answers `status` and keeps what it was sent. */
async function serving(status: number, work: (url: string, bodies: Notice[]) => Promise<void>) {
  const bodies: Notice[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      bodies.push(JSON.parse(body));
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  try {
    await work(`http://127.0.0.1:${port}/secret-token`, bodies);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

describe("Notify", () => {
  it("calls a function with what the run came to, whatever ended it", async () => {
    const notices: Notice[] = [];
    const callback = new Notify((notice) => void notices.push(notice));
    await scriptedFit([callback], script, { status: "interrupted" });
    await scriptedFit([callback], script, { error: new Error("no such column") });
    expect(notices).toEqual([
      {
        text: "scripted: interrupted after 0 s. ",
        runId: "run-1",
        title: "scripted",
        status: "interrupted",
        reason: "",
        metrics: { loss: 1 },
        seconds: expect.any(Number),
      },
      expect.objectContaining({ status: "stopped", reason: "no such column" }),
    ]);
  });

  it("posts the notice to a webhook as JSON", async () => {
    await serving(200, async (url, bodies) => {
      await scriptedFit([new Notify(url)], script);
      expect(bodies).toEqual([expect.objectContaining({ status: "completed", metrics: { loss: 1 } })]);
    });
    expect(lines).toEqual([]);
  });

  it("never fails the run, and does not tell the secret address", async () => {
    await serving(500, async (url) => {
      expect((await scriptedFit([new Notify(url)], script)).epochs).toBe(2);
    });
    await scriptedFit([new Notify("http://127.0.0.1:1/secret-token")], script);
    const fail = () => {
      throw new Error("nobody there");
    };
    await scriptedFit([new Notify(fail)], script);
    expect(lines).toEqual([
      expect.stringMatching(/^Notify: onTrainEnd failed .*127\.0\.0\.1:\d+ answered 500 Internal Server Error\.$/),
      expect.stringMatching(/^Notify: onTrainEnd failed .*127\.0\.0\.1:1 could not be reached: .+$/),
      expect.stringMatching(/^Notify: onTrainEnd failed .*nobody there$/),
    ]);
    expect(lines.join()).not.toContain("secret-token");
  });

  it("is silent after a short run", async () => {
    const notices: Notice[] = [];
    await scriptedFit([new Notify((notice) => void notices.push(notice), { minSeconds: 600 })], script);
    expect(notices).toEqual([]);
  });

  it("what is no address is refused without repeating it", () => {
    expect(() => new Notify("hooks/secret-token")).toThrow(
      "Notify: expected a function or the address of a webhook, https://..., got other text.",
    );
    expect(() => new Notify("file:///etc/passwd")).toThrow("got other text");
    expect(() => new Notify(3 as never)).toThrow("got 3");
  });
});
