// Where Jupyter looks for kernels, worked out without Python: the rules of jupyter_core 5.9 `paths.py`.
import { delimiter, join, resolve } from "node:path";
import { type Machine, thisMachine } from "../../src/core/data-folder.js";

/** The folder of the person's own Jupyter data: `~/.local/share/jupyter` on Linux. */
export function userDataFolder(machine: Machine = thisMachine): string {
  const { env, platform, home } = machine;
  if (env.JUPYTER_DATA_DIR) return resolve(env.JUPYTER_DATA_DIR);
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform !== "win32") return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
  if (env.APPDATA) return join(env.APPDATA, "jupyter");
  return join(env.JUPYTER_CONFIG_DIR || join(home, ".jupyter"), "data");
}

/** The active virtual or conda environment, the newer one first, as a shell shows it in its prompt. */
export function activePrefixes({ env }: Machine = thisMachine): string[] {
  return [env.VIRTUAL_ENV, env.CONDA_PREFIX].filter((prefix): prefix is string => Boolean(prefix));
}

/** The `share/jupyter` folder of an installation prefix. */
export function dataFolderOf(prefix: string): string {
  return join(resolve(prefix), "share", "jupyter");
}

/** Every folder where Jupyter would look for data, the first that has a kernel wins. */
export function searchedFolders(machine: Machine = thisMachine): string[] {
  const listed = machine.env.JUPYTER_PATH?.split(delimiter).filter(Boolean) ?? [];
  const environments = activePrefixes(machine).map(dataFolderOf);
  const shared = machine.platform === "win32" ? [] : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  return [...new Set([...listed, ...environments, userDataFolder(machine), ...shared])];
}
