import { describe, expect, it } from "@jest/globals";
import { ExecutionQueue } from "../../kernel/execution/queue.js";

const at = (ms: number, session = "a") => ({ session, date: new Date(ms).toISOString() });

describe("the execution queue", () => {
  it("runs one request after the other", async () => {
    const queue = new ExecutionQueue();
    const seen: string[] = [];
    const last = new Promise<void>((resolve) => {
      for (const name of ["a", "b", "c"]) {
        queue.push(at(0), async () => {
          seen.push(`${name} begins`);
          await null;
          seen.push(`${name} ends`);
          if (name === "c") resolve();
        });
      }
    });
    await last;
    expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  it("aborts what waits, and what was sent before the failure but comes later; what was sent after it runs", async () => {
    const queue = new ExecutionQueue();
    const aborted: Record<string, boolean> = {};
    const sent = Date.now() - 60_000; // the sender's clock is a minute behind
    const request = (name: string, header: { session: string; date: string }) =>
      new Promise<void>((resolve) =>
        queue.push(header, async (isAborted) => {
          aborted[name] = isAborted;
          if (name === "fails") {
            await new Promise((later) => setTimeout(later, 20));
            queue.abortPending();
          }
          resolve();
        }),
      );
    const failed = request("fails", at(sent));
    const waiting = request("waits", at(sent + 1));
    await failed;
    await waiting;
    await Promise.all([
      request("on the wire", at(sent + 5)),
      request("of somebody else", at(sent + 5, "b")),
      request("sent after", at(sent + 1000)),
    ]);
    expect(aborted).toEqual({
      fails: false,
      waits: true,
      "on the wire": true,
      "of somebody else": false,
      "sent after": false,
    });
  });
});
