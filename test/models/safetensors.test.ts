import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { readSafetensors, type StoredArray, writeSafetensors } from "../../src/models/safetensors.js";
import { temporaryFolder } from "./temporary-folder.js";

const fixtures = new URL("../reference/models/fixtures/", import.meta.url);
let path: string;

beforeEach(() => {
  path = join(temporaryFolder(), "arrays.safetensors");
});

const arrays = new Map<string, StoredArray>([
  ["mask", { data: Uint8Array.of(1, 0, 1), shape: [3], isBool: true }],
  ["bytes", { data: Uint8Array.of(7, 255), shape: [1, 2], isBool: false }],
  ["codes", { data: Int32Array.of(-1, 2 ** 31 - 1), shape: [2], isBool: false }],
  [
    "layer/kernel",
    { data: Float32Array.of(0.1, -0, Number.NaN, Number.POSITIVE_INFINITY), shape: [2, 2], isBool: false },
  ],
  ["step", { data: BigInt64Array.of(2n ** 60n), shape: [], isBool: false }],
  ["mean", { data: Float64Array.of(Math.PI), shape: [1], isBool: false }],
  ["nothing", { data: new Float32Array(0), shape: [0, 4], isBool: false }],
]);

/** Writes a file by hand, so that its header can be wrong. */
function writeRaw(header: unknown, nDataBytes: number, nHeaderBytes?: number): void {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(nHeaderBytes ?? text.byteLength));
  writeFileSync(path, Buffer.concat([length, text, Buffer.alloc(nDataBytes)]));
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

describe("a safetensors file", () => {
  it("gives back every type of number, every bit and the metadata", async () => {
    await writeSafetensors(path, { arrays, metadata: { note: 'a "text"', empty: "" } });
    const back = await readSafetensors(path);
    expect(Object.fromEntries(back.arrays)).toEqual(Object.fromEntries(arrays));
    expect(Object.is(back.arrays.get("layer/kernel")?.data[1], -0)).toBe(true);
    expect(back.metadata).toEqual({ note: 'a "text"', empty: "" });
  });

  it("has the same bytes when it is read and written again", async () => {
    await writeSafetensors(path, { arrays, metadata: { note: "kept" } });
    const before = readFileSync(path);
    await writeSafetensors(path, await readSafetensors(path));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("keeps each array at a multiple of the size of its numbers, so that readers can map it", async () => {
    await writeSafetensors(path, { arrays, metadata: {} });
    const bytes = readFileSync(path);
    const dataStart = 8 + Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.subarray(8, dataStart).toString());
    expect(dataStart % 8).toBe(0);
    for (const [name, { data }] of arrays) {
      expect((dataStart + header[name].data_offsets[0]) % data.BYTES_PER_ELEMENT).toBe(0);
    }
  });

  it("written by Python opens, with half-precision numbers as float32", async () => {
    const { arrays, metadata } = await readSafetensors(new URL("python.safetensors", fixtures).pathname);
    expect(metadata).toEqual({ made: "by Python" });
    const values = Object.fromEntries([...arrays].map(([name, { data, shape }]) => [name, [shape, [...data]]]));
    const halves = [1, -2.5, 65504, 2 ** -24, Number.POSITIVE_INFINITY, -0];
    expect(values).toEqual({
      F32: [[2, 2], [1, 2, 3, 4].map(Math.fround)],
      F64: [[1], [0.1]],
      I64: [[2], [-1n, 2n ** 40n]],
      I32: [[1], [-7]],
      U8: [[2], [0, 255]],
      BOOL: [[3], [1, 0, 1]],
      F16: [[6], halves],
      BF16: [[3], [1, -2.5, 3.140625]],
    });
  });

  it("cannot name an array what the format keeps for the metadata", async () => {
    const one = { data: Float32Array.of(1), shape: [1] };
    await expect(writeSafetensors(path, { arrays: new Map([["__metadata__", one]]), metadata: {} })).rejects.toThrow(
      'writeSafetensors: "__metadata__" must name a typed array of numbers.',
    );
  });

  it("cannot have a shape that its numbers do not fill", async () => {
    const array = { data: Float32Array.of(1, 2, 3), shape: [2, 2] };
    await expect(writeSafetensors(path, { arrays: new Map([["w", array]]), metadata: {} })).rejects.toThrow(
      'writeSafetensors: "w" has shape [2,2], which needs 4 numbers, got 3.',
    );
  });
});

describe("a file that is not whole is refused in one sentence", () => {
  const whole = `readSafetensors: PATH is not a whole safetensors file: `;

  it.each<[string, () => void, string]>([
    ["an empty file", () => writeFileSync(path, ""), `${whole}it has only 0 bytes.`],
    [
      "a text file",
      () => writeFileSync(path, "x,y\n1,2\n3,4\n"),
      `${whole}its first 8 bytes are not the length of a header.`,
    ],
    ["a cut header", () => writeRaw({}, 0, 99), `${whole}its header should have 99 bytes and the whole file has 10.`],
    ["a header that is no JSON", () => writeRaw("{nope}", 0), `${whole}its header is not a JSON object.`],
    ["a header that is a list", () => writeRaw([], 0), `${whole}its header is not a JSON object.`],
    [
      "metadata with a number",
      () => writeRaw({ __metadata__: { a: 1 } }, 0),
      `${whole}its __metadata__ is not a table of texts.`,
    ],
    [
      "cut numbers",
      () => writeRaw({ w: entry(0, 8) }, 6),
      `${whole}its header promises 8 bytes of numbers and there are 6.`,
    ],
    [
      "numbers too many",
      () => writeRaw({ w: entry(0, 8) }, 12),
      `${whole}its header promises 8 bytes of numbers and there are 12.`,
    ],
    [
      "a gap",
      () => writeRaw({ v: entry(0, 4), w: entry(8, 12) }, 12),
      `${whole}there is a gap or an overlap before "w".`,
    ],
    [
      "an overlap",
      () => writeRaw({ v: entry(0, 8), w: entry(4, 12) }, 12),
      `${whole}there is a gap or an overlap before "w".`,
    ],
    ["a wrong shape", () => writeRaw({ w: entry(0, 8, [3]) }, 8), `${whole}"w" of shape [3] needs 12 bytes and has 8.`],
    [
      "a negative shape",
      () => writeRaw({ w: entry(0, 8, [-2]) }, 8),
      `${whole}the entry of "w" does not say a type, a shape and a place.`,
    ],
    [
      "an entry that is null",
      () => writeRaw({ w: null }, 0),
      `${whole}the entry of "w" does not say a type, a shape and a place.`,
    ],
    [
      "an unknown type",
      () => writeRaw({ w: { dtype: "F8_E5M2", shape: [1], data_offsets: [0, 1] } }, 1),
      `${whole}"w" holds numbers of the unknown type F8_E5M2.`,
    ],
  ])("%s", async (_, write, message) => {
    write();
    await expect(readSafetensors(path)).rejects.toThrow(message.replace("PATH", JSON.stringify(path)));
  });

  it("no file", async () => {
    await expect(readSafetensors(path)).rejects.toThrow(`readSafetensors: there is no file ${JSON.stringify(path)}`);
  });

  it("a folder", async () => {
    await expect(readSafetensors(tmpdir())).rejects.toThrow("is not a file. Pass the path of a safetensors file.");
  });

  it("one with any byte changed, other than in the checksum's own name", async () => {
    await writeSafetensors(path, { arrays, metadata: { note: "kept" } });
    const bytes = readFileSync(path);
    const name = bytes.indexOf("sha256");
    for (let i = 0; i < bytes.byteLength; i++) {
      if (i >= name && i < name + "sha256".length) continue;
      const changed = Buffer.from(bytes);
      changed[i]! ^= 1;
      writeFileSync(path, changed);
      await expect(readSafetensors(path)).rejects.toThrow(/^readSafetensors: ".*" is (damaged|not a whole)/);
    }
  });
});
