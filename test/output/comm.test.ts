import { beforeEach, describe, expect, it } from "@jest/globals";
import { type Comm, type CommEvent, comms, receiveComm, setCommTransport } from "../../src/output/comm.js";

interface Sent extends CommEvent {
  readonly buffers: readonly (readonly number[])[];
}

let sent: Sent[];
let lastId = 0;
setCommTransport({
  newId: () => `id-${++lastId}`,
  send(event, buffers) {
    JSON.stringify(event);
    sent.push({ ...event, buffers: buffers.map((buffer) => [...buffer]) });
  },
});
beforeEach(() => {
  sent = [];
});

const from = (event: CommEvent["event"], comm: string, data: Record<string, unknown> = {}, target?: string) =>
  receiveComm({ event, comm, target, data, metadata: {} }, []);

describe("a comm that is opened here", () => {
  it("says so, sends and closes once", () => {
    const comm = comms.open("meter", { data: { total: 3 }, metadata: { m: 1 } });
    expect([comm.target, comm.isOpen]).toEqual(["meter", true]);
    comm.send({ done: 1 });
    comm.close({ why: "done" });
    comm.close();
    comm.send({ lost: true });
    expect(comm.isOpen).toBe(false);
    expect(sent).toEqual([
      { event: "open", comm: comm.id, target: "meter", data: { total: 3 }, metadata: { m: 1 }, buffers: [] },
      { event: "message", comm: comm.id, data: { done: 1 }, metadata: {}, buffers: [] },
      { event: "close", comm: comm.id, data: { why: "done" }, metadata: {}, buffers: [] },
    ]);
  });

  it("sends the bytes that each buffer covers", () => {
    const memory = Uint8Array.from({ length: 8 }, (_, i) => i);
    comms
      .open("t", {
        buffers: [
          memory.subarray(1, 3),
          new DataView(memory.buffer, 6),
          memory.buffer,
          new Uint16Array(memory.buffer, 2, 1),
          new ArrayBuffer(0),
        ],
      })
      .close();
    expect(sent[0]!.buffers).toEqual([[1, 2], [6, 7], [0, 1, 2, 3, 4, 5, 6, 7], [2, 3], []]);
  });

  it("gives its newest handler each message, and is closed by the front end", async () => {
    const comm = comms.open("t");
    const seen: unknown[] = [];
    comm.onMessage(() => seen.push("replaced"));
    comm.onMessage(({ data }) => seen.push(data));
    comm.onClose(({ data }) => seen.push(["closed", data, comm.isOpen]));
    await from("message", comm.id, { n: 1 });
    await from("close", comm.id, { why: "gone" });
    await from("message", comm.id, { n: 2 });
    expect(seen).toEqual([{ n: 1 }, ["closed", { why: "gone" }, false]]);
  });

  it("waits for the promise of a handler, and passes on its error", async () => {
    const comm = comms.open("t");
    let settle: () => void = () => {};
    comm.onMessage(() => new Promise<void>((resolve) => (settle = resolve)));
    let settled = false;
    const received = from("message", comm.id).then(() => {
      settled = true;
    });
    await new Promise(setImmediate);
    expect(settled).toBe(false);
    settle();
    await received;
    comm.onMessage(() => {
      throw new RangeError("too far");
    });
    await expect(from("message", comm.id)).rejects.toThrow("too far");
    comm.close();
  });
});

describe("a comm that the front end opens", () => {
  it("is given to the newest handler of its target", async () => {
    const opened: [string, Comm, unknown][] = [];
    comms.register("given", (comm) => opened.push(["replaced", comm, undefined]));
    comms.register("given", (comm, { data }) => opened.push(["newest", comm, data]));
    await from("open", "theirs", { a: 1 }, "given");
    expect(opened).toMatchObject([["newest", { id: "theirs", target: "given", isOpen: true }, { a: 1 }]]);
    opened[0]![1].close();
  });

  it.each([
    ["nobody has registered its target", () => comms.unregister("target")],
    [
      "the handler fails",
      () =>
        comms.register("target", () => {
          throw new Error("no");
        }),
    ],
    [
      "the handler rejects",
      () =>
        comms.register("target", async () => {
          throw new Error("no");
        }),
    ],
  ])("is closed when %s", async (_, prepare) => {
    prepare();
    await from("open", "refused", {}, "target").catch(() => {});
    expect(sent).toEqual([{ event: "close", comm: "refused", data: {}, metadata: {}, buffers: [] }]);
  });
});

describe("a mistake is one sentence", () => {
  const comm = () => comms.open("t");
  it.each([
    ["comms.open: target must be a text that is not empty, got ''.", () => comms.open("")],
    [
      "comms.open: data must be an object such as { value: 1 }, got [ 1 ].",
      () => comms.open("t", { data: [1] as never }),
    ],
    ["Comm.send: data must be an object such as { value: 1 }, got 5.", () => comm().send(5 as never)],
    ["Comm.send: buffers must be an array, got 'x'.", () => comm().send({}, { buffers: "x" as never })],
    [
      "Comm.send: each of buffers must be an ArrayBuffer or a view of one, got [ 1 ].",
      () => comm().send({}, { buffers: [[1]] as never }),
    ],
    [
      "Comm.close: metadata must be an object such as { value: 1 }, got null.",
      () => comm().close({}, { metadata: null as never }),
    ],
    ["Comm.onMessage: the handler must be a function, got undefined.", () => comm().onMessage(undefined as never)],
    ["comms.register: the handler must be a function, got 'f'.", () => comms.register("t", "f" as never)],
    [
      'comms.open: a comm with the id "twice" is open. Close it, or take another id.',
      () => [comms.open("t", { id: "twice" }), comms.open("t", { id: "twice" })],
    ],
    [
      "Comm.send: data and metadata must be plain data that JSON carries (Do not know how to serialize a BigInt).",
      () => comm().send({ n: 1n }),
    ],
  ])("%s", (sentence, make) => {
    expect(make).toThrow(expect.objectContaining({ message: sentence }));
  });
});
