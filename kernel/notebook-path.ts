import { basename, isAbsolute, resolve } from "node:path";

/**
 * The path of the notebook that this kernel serves; undefined for a console, and where the front end does not say. Jupyter
 * Server gives it in JPY_SESSION_NAME when the kernel starts and does not follow a renaming. Without the notebook's name
 * the variable has the server's own path, of which only the last part counts: the kernel starts in that folder.
 */
export function notebookPath(env: NodeJS.ProcessEnv): string | undefined {
  const name = env.JPY_SESSION_NAME;
  if (!name?.endsWith(".ipynb")) return undefined;
  return isAbsolute(name) ? name : resolve(basename(name));
}
