import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { DataError, ShapeError } from "../core/errors.js";
import { fromBfloat16, fromFloat16 } from "./half-floats.js";
import {
  type ArrayData,
  arrayTypes,
  type Entry,
  type FileType,
  type Header,
  headerText,
  maxHeaderBytes,
  nValues,
  parseHeader,
} from "./safetensors-header.js";
import { writeWhole } from "./write-whole.js";

export type { ArrayData };

export interface StoredArray {
  readonly data: ArrayData;
  readonly shape: readonly number[];
  /** For a `Uint8Array` that holds only 0 and 1. @default false */
  readonly isBool?: boolean;
}

export interface StoredArrays {
  /** By name, in the order of the file. */
  readonly arrays: ReadonlyMap<string, StoredArray>;
  readonly metadata: Readonly<Record<string, string>>;
}

const noChecksum = "0".repeat(64);
const checksumField = (checksum: string) => `"sha256":"${checksum}"`;

/**
 * Writes arrays by name, and texts about them, as one safetensors file, whole or not at all. Python's `safetensors` opens it.
 *
 * The metadata gets a `sha256` of the whole file (with 64 zeros in the place of the checksum), which
 * {@link readSafetensors} checks.
 *
 * @param where - Who writes, for error messages.
 *
 * Format: https://github.com/huggingface/safetensors, version 0.8.
 */
export async function writeSafetensors(
  path: string,
  { arrays, metadata }: StoredArrays,
  where = "writeSafetensors",
): Promise<void> {
  const stored = [...arrays].map(([name, array]) => ({
    name,
    bytes: bytesOf(array.data),
    ...described(where, name, array),
  }));
  // The widest numbers first keep every array at a multiple of the size of its numbers.
  stored.sort((a, b) => arrayTypes[b.type].BYTES_PER_ELEMENT - arrayTypes[a.type].BYTES_PER_ELEMENT);
  let end = 0;
  const entries = stored.map(({ name, type, shape, bytes }): Entry => {
    const begin = end;
    end += bytes.byteLength;
    return { name, type, shape, begin, end };
  });
  const text = headerText({ entries, metadata: { ...metadata, sha256: noChecksum } });
  const hash = createHash("sha256").update(text);
  for (const { bytes } of stored) hash.update(bytes);
  const header = Buffer.from(text.replace(checksumField(noChecksum), checksumField(hash.digest("hex"))));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.byteLength));
  await writeWhole(where, path, [length, header, ...stored.map(({ bytes }) => bytes)]);
}

/**
 * Reads a safetensors file, ours or any other. Half-precision numbers (`F16`, `BF16`) become `Float32Array`s.
 * @param where - Who reads, for error messages.
 * @throws DataError if the file is missing, of another kind, cut off, or no longer what its checksum says.
 */
export async function readSafetensors(path: string, where = "readSafetensors"): Promise<StoredArrays> {
  const file = await openToRead(where, path);
  try {
    const { header, hash, checksum, dataStart } = await readHeader(where, path, file);
    const arrays = new Map<string, StoredArray>();
    for (const entry of header.entries) {
      const data = new arrayTypes[entry.type](nValues(entry.shape));
      const bytes = bytesOf(data);
      await readFully(where, file, bytes, dataStart + entry.begin);
      hash.update(bytes);
      arrays.set(entry.name, { data: widened(entry.type, data), shape: entry.shape, isBool: entry.type === "BOOL" });
    }
    if (checksum !== undefined && hash.digest("hex") !== checksum) {
      throw new DataError(
        `${where}: ${JSON.stringify(path)} is damaged or was changed by another program: its checksum does not fit. Write it again, or take sha256 out of its metadata if the change was meant.`,
      );
    }
    const { sha256: _, ...metadata } = header.metadata;
    return { arrays, metadata };
  } finally {
    await file.close();
  }
}

interface OpenHeader {
  readonly header: Header;
  /** Has seen the header, and waits for the numbers. */
  readonly hash: Hash;
  readonly checksum: string | undefined;
  readonly dataStart: number;
}

async function readHeader(where: string, path: string, file: FileHandle): Promise<OpenHeader> {
  const fail = (what: string): never => {
    throw new DataError(`${where}: ${JSON.stringify(path)} is not a whole safetensors file: ${what}.`);
  };
  const { size } = await file.stat();
  if (size < 8) fail(`it has only ${size} bytes`);
  const prefix = Buffer.alloc(8);
  await readFully(where, file, prefix, 0);
  const nHeaderBytes = Number(prefix.readBigUInt64LE());
  if (nHeaderBytes > maxHeaderBytes) fail("its first 8 bytes are not the length of a header");
  if (8 + nHeaderBytes > size) fail(`its header should have ${nHeaderBytes} bytes and the whole file has ${size}`);
  const bytes = Buffer.alloc(nHeaderBytes);
  await readFully(where, file, bytes, 8);
  const text = bytes.toString();
  const dataStart = 8 + nHeaderBytes;
  const header = parseHeader(where, path, text, size - dataStart);
  const checksum = header.metadata.sha256;
  const unsigned = checksum === undefined ? text : text.replace(checksumField(checksum), checksumField(noChecksum));
  return { header, hash: createHash("sha256").update(unsigned), checksum, dataStart };
}

async function openToRead(where: string, path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "r");
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw new DataError(`${where}: cannot read ${JSON.stringify(path)}: ${message}.`);
    throw new DataError(`${where}: there is no file ${JSON.stringify(path)} (looked in ${process.cwd()}).`);
  }
  throw new DataError(`${where}: ${JSON.stringify(path)} is not a file. Pass the path of a safetensors file.`);
}

async function readFully(where: string, file: FileHandle, target: Uint8Array, position: number): Promise<void> {
  const atOnce = 2 ** 30; // a read takes less than 2 GiB
  for (let done = 0; done < target.byteLength; ) {
    const length = Math.min(target.byteLength - done, atOnce);
    const { bytesRead } = await file.read(target, done, length, position + done);
    if (bytesRead === 0) throw new DataError(`${where}: the file became shorter while it was read. Read it again.`);
    done += bytesRead;
  }
}

function bytesOf(data: ArrayData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function widened(type: FileType, data: ArrayData): ArrayData {
  if (type === "F16") return fromFloat16(data as Uint16Array);
  return type === "BF16" ? fromBfloat16(data as Uint16Array) : data;
}

function described(
  where: string,
  name: string,
  { data, shape, isBool }: StoredArray,
): { type: FileType; shape: readonly number[] } {
  const found = (Object.keys(arrayTypes) as FileType[]).find(
    (type) => type !== "F16" && type !== "BF16" && data instanceof arrayTypes[type],
  );
  if (found === undefined || name === "__metadata__") {
    throw new DataError(`${where}: ${JSON.stringify(name)} must name a typed array of numbers.`);
  }
  if (nValues(shape) !== data.length) {
    throw new ShapeError(
      `${where}: ${JSON.stringify(name)} has shape [${shape}], which needs ${nValues(shape)} numbers, got ${data.length}.`,
    );
  }
  return { type: isBool ? "BOOL" : found, shape };
}
