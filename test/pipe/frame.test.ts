import { describe, expect, it } from "@jest/globals";
import { encodeFrame, FrameReader } from "../../kernel/pipe/frame.js";

const large = Buffer.alloc(100_003, 7);
const bytes = Buffer.concat([
  ...encodeFrame({ n: 1 }),
  ...encodeFrame({ text: "é\ud83d\ude00" }, [Buffer.of(1, 2, 3), Buffer.alloc(0), Buffer.of(4)]),
  ...encodeFrame({ n: 3 }, [Buffer.alloc(0)]),
  ...encodeFrame({ n: 4 }, [Buffer.of(1), large, Buffer.alloc(0)]),
  ...encodeFrame({ n: 5 }),
]);

function framesOf(pieces: Iterable<Buffer>) {
  const seen: { readonly name: unknown; readonly buffers: readonly Buffer[] }[] = [];
  const reader = new FrameReader<Record<string, unknown>>(({ body, buffers }) =>
    seen.push({ name: body.n ?? body.text, buffers }),
  );
  for (const piece of pieces) reader.push(piece);
  return seen;
}

function* cut(whole: Buffer, size: number) {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

describe("frames on a pipe", () => {
  it.each([1, 2, 3, 4, 5, 7, 9, 13, 1000, 1_000_000])("are the same when the bytes come in pieces of %i", (size) => {
    const seen = framesOf(cut(bytes, size));
    expect(seen.map(({ name, buffers }) => [name, buffers.map(({ length }) => length)])).toEqual([
      [1, []],
      ["é\ud83d\ude00", [3, 0, 1]],
      [3, [0]],
      [4, [1, 100_003, 0]],
      [5, []],
    ]);
    expect(Buffer.concat(seen[1]!.buffers)).toEqual(Buffer.of(1, 2, 3, 4));
    expect(seen[3]!.buffers[1]!.equals(large)).toBe(true);
  });

  it("go on with the next piece when the reading of one was broken off", () => {
    const seen: unknown[] = [];
    const reader = new FrameReader<{ readonly n?: number }>(({ body: { n } }) => {
      seen.push(n);
      if (n === 3) throw new Error("terminated");
    });
    const end = bytes.length - 1;
    expect(() => reader.push(bytes.subarray(0, end))).toThrow("terminated");
    reader.push(bytes.subarray(end));
    expect(seen).toEqual([1, undefined, 3, 4, 5]);
  });

  it("have buffers with memory of their own, at its start", () => {
    for (const { buffers } of framesOf([bytes])) {
      for (const { byteOffset, buffer, length } of buffers)
        expect([byteOffset, buffer.byteLength]).toEqual([0, length]);
    }
  });

  it("hand on large buffers without a copy", () => {
    const view = new Uint8Array(large.buffer, large.byteOffset + 1, 100_000);
    expect(encodeFrame({}, [Buffer.alloc(0), view])[1]).toBe(view);
  });
});
