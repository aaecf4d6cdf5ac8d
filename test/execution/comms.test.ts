import { beforeEach, describe, expect, it } from "@jest/globals";
import { Comms } from "../../kernel/execution/comms.js";
import { OutputShaper } from "../../kernel/execution/output-shaper.js";
import { RateWindow } from "../../kernel/execution/rate-window.js";
import { SpillFolder } from "../../kernel/execution/spill-folder.js";
import type { ToUser } from "../../kernel/pipe/messages.js";
import type { CommContent } from "../../kernel/protocol/comm.js";
import type { Message, Outgoing } from "../../kernel/protocol/message.js";

let delivered: ToUser[];
let published: Outgoing[];
let logged: string[];
let isRunning: boolean;
let comms: Comms;
beforeEach(() => {
  delivered = [];
  published = [];
  logged = [];
  isRunning = true;
  const user = {
    get isRunning() {
      return isRunning;
    },
    send: (message: ToUser) => void delivered.push(message),
  };
  const publish = (message: Outgoing) => void published.push(message);
  comms = new Comms({
    user,
    publish,
    log: (reason) => void logged.push(reason),
    stopsSettled: () => undefined,
    newOutput: (parent) =>
      new OutputShaper({
        parent,
        silent: false,
        publish,
        rate: new RateWindow(),
        spill: () => new SpillFolder().file("comm"),
        hold: () => {},
      }),
  });
});

const message = (content: object) =>
  ({ content, metadata: {}, headerText: '{"id":1}', buffers: [] }) as unknown as Message<CommContent>;
const ok = { status: "ok", expressions: {} } as const;

describe("a message of the front end", () => {
  it("is handed on with a number of its own, and settles with its handler", async () => {
    const opened = comms.receive("open", message({ comm_id: "a", target_name: "t", data: { x: 1 } }));
    expect(delivered).toMatchObject([{ cell: -1, event: "open", comm: "a", target: "t", data: { x: 1 } }]);
    expect(comms.info()).toEqual({ a: { target_name: "t" } });
    comms.settle(-1, ok);
    await opened;
    expect(comms.newest).toBeUndefined();
  });

  it.each([
    ["message", { comm_id: "b" }, "comm_msg: no comm b is open"],
    ["close", { comm_id: "b" }, "comm_close: no comm b is open"],
    ["message", {}, "comm_msg: comm_id must be a string, got undefined"],
    ["open", { comm_id: "b", target_name: 5 }, "comm_open: target_name must be a string, got 5"],
    ["open", { comm_id: "a", target_name: "t" }, "comm_open: a comm a is open already"],
  ] as const)("%s with %j goes nowhere, and the log says why", async (event, content, reason) => {
    void comms.receive("open", message({ comm_id: "a", target_name: "t" }));
    await comms.receive(event, message(content));
    expect(logged).toEqual([reason]);
    expect(delivered).toHaveLength(1);
  });

  it("that opens a comm while no user process can start is answered by its closing", async () => {
    isRunning = false;
    await comms.receive("open", message({ comm_id: "a", target_name: "t" }));
    expect(published).toEqual([{ type: "comm_close", content: { comm_id: "a", data: {} }, parent: '{"id":1}' }]);
    expect(comms.info()).toEqual({});
  });
});

describe("output that comes after its handler has finished", () => {
  it("still finds its message, and those whose handlers run are never forgotten", async () => {
    void comms.receive("open", message({ comm_id: "a", target_name: "t" }));
    for (let i = 0; i < 1001; i++) {
      const received = comms.receive("message", message({ comm_id: "a" }));
      comms.settle(-2 - i, ok);
      await received;
    }
    expect([-1, -2, -3, -1002].map((id) => comms.outputOf(id) !== undefined)).toEqual([true, false, true, true]);
  });
});
