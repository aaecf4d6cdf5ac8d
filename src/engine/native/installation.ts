import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ownDataFolder } from "../../core/data-folder.js";
import { EtudeError } from "../../core/errors.js";

/** What is built and loaded; another version in the folder is not ours to load. */
export const nativeVersions = { tensorflow: "2.21.0", "tfjs-node": "4.22.0" } as const;

export type NativeDevice = "cpu" | "gpu";

/** What `etude setup native` leaves behind beside the files, as `installation.json`. */
export interface Installation {
  readonly device: NativeDevice;
  readonly versions: Readonly<Record<keyof typeof nativeVersions, string>>;
  /** The size of every file, by its path in the folder. */
  readonly files: Readonly<Record<string, number>>;
}

export type Found =
  | { readonly state: "absent" }
  | { readonly state: "broken"; readonly reason: string }
  | { readonly state: "ready"; readonly installation: Installation };

/** The folder of the native TensorFlow: `ETUDE_NATIVE`, else a place among the person's own data. */
export function nativeFolder(): string {
  return process.env.ETUDE_NATIVE || join(ownDataFolder(), "native");
}

/** What the folder holds. A file that is missing, cut short or made for another version counts as broken. */
export function findInstallation(folder: string = nativeFolder()): Found {
  const path = join(folder, "installation.json");
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return { state: "absent" };
  let installation: Installation;
  try {
    installation = JSON.parse(readFileSync(path, "utf8")) as Installation;
    if (!installation.versions || !installation.files) throw new Error("it lists nothing");
  } catch {
    return { state: "broken", reason: `${path} cannot be read` };
  }
  for (const [name, needed] of Object.entries(nativeVersions)) {
    const version = installation.versions[name as keyof typeof nativeVersions];
    if (version !== needed) return { state: "broken", reason: `it has ${name} ${version} instead of ${needed}` };
  }
  for (const [name, size] of Object.entries(installation.files)) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false })?.size;
    if (found === size) continue;
    return { state: "broken", reason: `${name} ${found === undefined ? "is missing" : "is cut short or changed"}` };
  }
  return { state: "ready", installation };
}

/** The installation in the folder; throws the sentence that says how to get one. */
export function installationIn(folder: string): Installation {
  const found = findInstallation(folder);
  if (found.state === "ready") return found.installation;
  if (found.state === "absent") {
    throw new EtudeError(
      "tf: the tensorflow backend is not installed. Run: etude setup native, or unset ETUDE_BACKEND to stay on wasm.",
    );
  }
  throw new EtudeError(
    `tf: the tensorflow backend in ${folder} is broken (${found.reason}). Repair it: etude setup native.`,
  );
}
