import { describe, expect, it } from "@jest/globals";
import { encodeFrame, FrameReader } from "../../kernel/pipe/frame.js";

const bytes = Buffer.concat([
  encodeFrame({ n: 1 }),
  encodeFrame({ text: "é\ud83d\ude00" }, [Buffer.of(1, 2, 3), Buffer.alloc(0), Buffer.of(4)]),
  encodeFrame({ n: 3 }),
]);

describe("frames on a pipe", () => {
  it.each([1, 2, 7, 8, 9, 13, 1000])("are the same when the bytes come in pieces of %i", (size) => {
    const seen: unknown[] = [];
    const reader = new FrameReader<Record<string, unknown>>(({ body, buffers }) =>
      seen.push([body.n ?? body.text, buffers.map((buffer) => [...buffer])]),
    );
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    expect(seen).toEqual([
      [1, []],
      ["é\ud83d\ude00", [[1, 2, 3], [], [4]]],
      [3, []],
    ]);
  });

  it("behind one whose handling was terminated are handled when it resumes, and that one is not handled again", () => {
    const seen: number[] = [];
    const reader = new FrameReader<{ n: number }>(({ body: { n } }) => {
      seen.push(n);
      if (n === 1) throw new Error("terminated");
    });
    const all = Buffer.concat([1, 2, 3].map((n) => encodeFrame({ n })));
    expect(() => reader.push(all.subarray(0, -1))).toThrow("terminated");
    reader.resume();
    reader.push(all.subarray(-1));
    expect(seen).toEqual([1, 2, 3]);
  });
});
