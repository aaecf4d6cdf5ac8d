import { readFileSync } from "node:fs";

/** `metadata.etude` of a notebook; each part may be anything that JSON has. */
export interface NotebookSettings {
  readonly check?: unknown;
}

/** Reads what a notebook asks of its kernel. One that cannot be read asks nothing, and `log` says why. */
export function notebookSettings(path: string | undefined, log: (reason: string) => void): NotebookSettings {
  if (path === undefined) return {};
  try {
    const settings: unknown = JSON.parse(readFileSync(path, "utf8"))?.metadata?.etude;
    return typeof settings === "object" && settings !== null ? settings : {};
  } catch (error) {
    log(`the settings of the notebook cannot be read: ${(error as Error).message}`);
    return {};
  }
}
