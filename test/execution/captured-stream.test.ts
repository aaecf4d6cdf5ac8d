import { PassThrough } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import { CapturedStream } from "../../kernel/execution/captured-stream.js";
import { endMark } from "../../kernel/pipe/messages.js";

describe("a captured stream", () => {
  it.each([1, 3, 5, 100])("hands on the text without the marks, in pieces of %i bytes", async (size) => {
    const source = new PassThrough();
    let text = "";
    const stream = new CapturedStream(source, "token", (part) => {
      text += part;
    });
    const all = Buffer.from(`one é${endMark("token", 1)}two \0 ${endMark("other", 2)}${endMark("token", 2)}tail\0`);
    for (let at = 0; at < all.length; at += size) source.write(all.subarray(at, at + size));
    await stream.upTo(2);
    source.end();
    await stream.upTo(3);
    expect(text).toBe(`one étwo \0 ${endMark("other", 2)}tail\0`);
  });

  it("has all text before a mark when it settles, also when the mark came first", async () => {
    const source = new PassThrough();
    const parts: string[] = [];
    const stream = new CapturedStream(source, "t", (part) => parts.push(part));
    source.write(`a${endMark("t", 1)}`);
    await stream.upTo(1);
    expect(parts).toEqual(["a"]);
    await stream.upTo(1);
  });
});
