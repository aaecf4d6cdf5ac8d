import { show } from "../core/check.js";
import { DataError } from "../core/errors.js";
import { suggest } from "../core/nearest.js";

/** The error for a column that a frame does not have, with the names that could have been meant. */
export function unknownColumn(where: string, name: string, names: readonly string[]): DataError {
  return new DataError(`${where}: no column ${show(name)}. ${suggest(name, names, "columns")}`);
}
