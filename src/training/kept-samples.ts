import { createHash } from "node:crypto";
import { existsSync, linkSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ArrayData, readSafetensors, type StoredArray, writeSafetensors } from "../models/safetensors.js";
import { runIds } from "../runs/runs-folder.js";
import type { NumberBlock } from "./number-block.js";
import type { Samples } from "./samples.js";

/** The rows of a run. */
export interface RunSamples {
  readonly train: Samples;
  readonly validation: Samples | null;
}

/** Tells these rows, in this order and in these types of numbers, from any others. */
export function hashOf(samples: RunSamples): string {
  const blocks = [...namedBlocks(samples)].map(([name, block]) => ({ name, block, data: typed(block) }));
  const header = blocks.map(({ name, block, data }) => [name, block.shape, block.dtype, data.constructor.name]);
  const hash = createHash("sha256").update(JSON.stringify(header));
  for (const { data } of blocks) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest("hex");
}

export function bytesOf(samples: RunSamples): number {
  return [...namedBlocks(samples).values()].reduce((sum, block) => sum + typed(block).byteLength, 0);
}

/**
 * Keeps the rows in the folder of a run. Rows that another run beside it has already are not written twice.
 * @returns The file, in the run's folder.
 */
export async function writeSamples(folder: string, samples: RunSamples, hash: string): Promise<string> {
  const file = `data-${hash.slice(0, 16)}.safetensors`;
  if (linkFromNeighbour(folder, file)) return file;
  const blocks = namedBlocks(samples);
  const arrays = [...blocks].map(([name, block]): [string, StoredArray] => {
    return [name, { data: typed(block), shape: block.shape }];
  });
  const dtypes = [...blocks].flatMap(([name, { dtype }]) => (dtype === undefined ? [] : [[name, dtype] as const]));
  const metadata = { format: "etude-rows", hash, dtypes: JSON.stringify(Object.fromEntries(dtypes)) };
  await writeSafetensors(join(folder, file), { arrays: new Map(arrays), metadata }, "fit");
  return file;
}

/** @throws DataError if the file is missing or not whole. */
export async function readSamples(where: string, path: string): Promise<RunSamples> {
  const { arrays, metadata } = await readSafetensors(path, where);
  const dtypes = JSON.parse(metadata.dtypes!) as Record<string, "float32" | "int32">;
  const block = (name: string): NumberBlock | undefined => {
    const stored = arrays.get(name);
    const dtype = dtypes[name];
    return stored && { values: stored.data as Float64Array, shape: stored.shape, ...(dtype && { dtype }) };
  };
  const list = (prefix: string): NumberBlock[] => {
    const found: NumberBlock[] = [];
    for (let one = block(`${prefix}/0`); one !== undefined; one = block(`${prefix}/${found.length}`)) found.push(one);
    return found;
  };
  const part = (name: string): Samples => {
    const inputs = list(`${name}/inputs`);
    const targets = list(`${name}/targets`);
    const weights = targets.map((_, i) => block(`${name}/weights/${i}`) ?? null);
    return { inputs, targets, weights, nSamples: inputs[0]!.shape[0]! };
  };
  return { train: part("train"), validation: arrays.has("validation/inputs/0") ? part("validation") : null };
}

function namedBlocks({ train, validation }: RunSamples): Map<string, NumberBlock> {
  const blocks = new Map<string, NumberBlock>();
  for (const [part, samples] of Object.entries({ train, validation })) {
    if (samples === null) continue;
    for (const kind of ["inputs", "targets", "weights"] as const) {
      for (const [i, block] of samples[kind].entries()) if (block !== null) blocks.set(`${part}/${kind}/${i}`, block);
    }
  }
  return blocks;
}

/** The numbers in an array of their own type, which metrics see; plain arrays and columns as float64. */
function typed({ values }: NumberBlock): Exclude<ArrayData, BigInt64Array | BigUint64Array> {
  return ArrayBuffer.isView(values) && !(values instanceof Uint8ClampedArray)
    ? (values as unknown as Float64Array)
    : Float64Array.from(values);
}

function linkFromNeighbour(folder: string, file: string): boolean {
  const runs = dirname(folder);
  const neighbours = runIds(runs).reverse().slice(0, 50);
  const found = neighbours.map((id) => join(runs, id, file)).find((path) => existsSync(path));
  if (found === undefined) return false;
  try {
    linkSync(found, join(folder, file));
    return true;
  } catch {
    return false; // a disk without links, or the neighbour is gone by now: then it is written
  }
}
