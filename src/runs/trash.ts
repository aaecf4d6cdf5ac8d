import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { trashName } from "./runs-folder.js";

/** Moves a run into the trash of its folder: in one stroke, so that no reader ever sees half a run. Returns where it is. */
export async function moveToTrash(path: string): Promise<string> {
  const trash = join(dirname(path), trashName);
  await mkdir(trash, { recursive: true });
  const place = join(trash, `${basename(path)}.${Date.now()}.${randomUUID().slice(0, 8)}`);
  await rename(path, place);
  return place;
}

/** Deletes a file of a run for good: by way of the trash, from where a killed process' leftovers are emptied. */
export async function discard(path: string): Promise<void> {
  const runs = dirname(dirname(dirname(path)));
  await mkdir(join(runs, trashName), { recursive: true });
  const place = join(runs, trashName, `${basename(path)}.${Date.now()}.${randomUUID().slice(0, 8)}`);
  await rename(path, place);
  await rm(place, { force: true });
}

/** What lies in the trash, the oldest first. */
export async function trashed(runs: string): Promise<{ readonly path: string; readonly deletedMs: number }[]> {
  const trash = join(runs, trashName);
  const names = await readdir(trash).catch(goneIs([] as string[]));
  const items = names.map((name) => ({ path: join(trash, name), deletedMs: Number(name.split(".").at(-2)) || 0 }));
  return items.sort((a, b) => a.deletedMs - b.deletedMs);
}

/** Deletes for good. */
export async function empty(items: readonly { readonly path: string }[]): Promise<void> {
  for (const { path } of items) await rm(path, { recursive: true, force: true });
}

/** Of a file or a folder with all that is in it; 0 if it is gone by now. */
export async function bytesOf(path: string): Promise<number> {
  const found = await stat(path).catch(goneIs(undefined));
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.size;
  const names = await readdir(path).catch(goneIs([] as string[]));
  const sizes = await Promise.all(names.map((name) => bytesOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Another process may delete at the same time; any other error is one. */
function goneIs<Value>(value: Value): (error: NodeJS.ErrnoException) => Value {
  return (error) => {
    if (error.code === "ENOENT") return value;
    throw error;
  };
}
