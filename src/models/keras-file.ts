import { open } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/errors.js";
import { packageRoot } from "../core/package-root.js";

const script = join(packageRoot, "src/models/keras-to-safetensors.py");

/** Throws for Keras' own files, HDF5 or a zip around it, and says how their weights come here. */
export async function refuseKerasFile(where: string, path: string): Promise<void> {
  if (!["\x89HDF", "PK\x03\x04"].includes(await firstBytes(path))) return;
  throw new DataError(
    `${where}: ${JSON.stringify(path)} is a file of Keras. Run "python3 ${script} ${path} weights.safetensors", build the same layers here, then call loadWeights(model, "weights.safetensors").`,
  );
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path, "r").catch(() => undefined); // the reader of the file says why
  if (file === undefined) return "";
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}
