import { homedir } from "node:os";
import { join } from "node:path";

/** What the place of a folder depends on; tests pass their own. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

export const thisMachine: Machine = { env: process.env, platform: process.platform, home: homedir() };

/** The folder for what Etude keeps for itself: a private JupyterLab and its kernelspec, a native TensorFlow. */
export function ownDataFolder(machine: Machine = thisMachine): string {
  const { env, platform, home } = machine;
  if (platform === "darwin") return join(home, "Library", "Application Support", "etude");
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "etude");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "etude");
}
