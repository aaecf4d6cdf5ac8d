import { EtudeError } from "../../src/core/errors.js";
import { activePrefixes, dataFolderOf, userDataFolder } from "./jupyter-paths.js";

/** The options of `install` and `uninstall`, for `parseArgs`. */
export const placeOptions = {
  user: { type: "boolean" },
  "sys-prefix": { type: "boolean" },
  prefix: { type: "string" },
  name: { type: "string" },
} as const;

export interface Place {
  readonly user?: boolean | undefined;
  readonly "sys-prefix"?: boolean | undefined;
  readonly prefix?: string | undefined;
}

/** The Jupyter data folder that the options name; the person's own one when they name none. */
export function placeFolder(place: Place): string {
  if ([place.user, place["sys-prefix"], place.prefix].filter(Boolean).length > 1) {
    throw new EtudeError("--user, --sys-prefix and --prefix name three different places. Use one of them.");
  }
  if (place.prefix === "") throw new EtudeError("--prefix must be a folder, got an empty text.");
  if (place.prefix !== undefined) return dataFolderOf(place.prefix);
  if (!place["sys-prefix"]) return userDataFolder();
  const [active] = activePrefixes();
  if (active === undefined) {
    throw new EtudeError("--sys-prefix needs an active virtual or conda environment. Activate one, or use --user.");
  }
  return dataFolderOf(active);
}
