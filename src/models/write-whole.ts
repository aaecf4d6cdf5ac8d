import { mkdir, open, readdir, realpath, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { EtudeError } from "../core/errors.js";

let written = 0;

/**
 * Writes a file whole or not at all: into a temporary file beside it, to the disk, then renamed over `path`. Until then, and
 * after any failure, an earlier file stays as it was. Missing folders are made.
 *
 * What a killed process left unfinished, the next write to the same path removes.
 */
export async function writeWhole(
  where: string,
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    const target = await realpath(path).catch(() => resolve(path)); // a link to the file stays a link
    const folder = dirname(target);
    await mkdir(folder, { recursive: true });
    await removeLeftovers(target);
    const temporary = join(folder, `${leftoverPrefix(target)}${process.pid}-${++written}.tmp`);
    try {
      const file = await open(temporary, "wx");
      try {
        for await (const chunk of chunks) await file.writeFile(chunk);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(folder);
  } catch (error) {
    throw new EtudeError(`${where}: cannot write ${JSON.stringify(path)}: ${reason(error)}`, { cause: error });
  }
}

/** With the machine's name, because on a shared disk only this machine knows which of its processes are alive. */
function leftoverPrefix(target: string): string {
  return `.${basename(target)}.${hostname()}-`;
}

async function removeLeftovers(target: string): Promise<void> {
  const prefix = leftoverPrefix(target);
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix) || !name.endsWith(".tmp")) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (!isAlive(pid)) await rm(join(dirname(target), name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** A rename is on the disk only once its folder is; Windows cannot open a folder and needs none of this. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const reasons: Record<string, string> = {
  EACCES: "this user may not write there. Choose another folder.",
  EPERM: "this user may not write there. Choose another folder.",
  EROFS: "the disk is read-only. Choose another folder.",
  ENOSPC: "the disk is full. Free some space or choose another folder.",
  EDQUOT: "the disk quota is used up. Free some space or choose another folder.",
  EISDIR: "there is a folder of that name. Choose another name.",
  ENOTEMPTY: "there is a folder of that name. Choose another name.",
  ENOTDIR: "a part of its folder is a file. Choose another folder.",
  EEXIST: "a part of its folder is a file. Choose another folder.",
};

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ""] ?? `${message}.`;
}
