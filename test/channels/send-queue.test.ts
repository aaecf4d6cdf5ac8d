import { describe, expect, it } from "@jest/globals";
import { SendQueue } from "../../kernel/channels/send-queue.js";

describe("the send queue", () => {
  it("has one send in flight, and keeps the order", async () => {
    const sent: number[] = [];
    let inFlight = 0;
    const queue = new SendQueue(
      {
        async send([frame]) {
          expect(++inFlight).toBe(1);
          await null;
          sent.push((frame as Uint8Array)[0]!);
          inFlight--;
        },
      },
      () => {},
    );
    for (let i = 0; i < 200; i++) queue.send([Uint8Array.of(i)]);
    await queue.drained();
    expect(sent).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it("reports a send that fails and goes on with the next", async () => {
    const errors: string[] = [];
    const sent: number[] = [];
    const queue = new SendQueue(
      {
        async send([frame]) {
          if ((frame as Uint8Array)[0] === 1) throw new Error("full");
          sent.push((frame as Uint8Array)[0]!);
        },
      },
      (error) => errors.push(error.message),
    );
    for (const i of [0, 1, 2]) queue.send([Uint8Array.of(i)]);
    await queue.drained();
    expect([sent, errors]).toEqual([[0, 2], ["full"]]);
  });
});
