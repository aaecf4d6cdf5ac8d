import { builtinModules } from "node:module";

/** A module that cannot be found; the message says what to do. */
export class ImportError extends Error {
  override readonly name = "ImportError";
  readonly code = "ERR_MODULE_NOT_FOUND";
}

/**
 * @param importer - The file that asks, or the notebook.
 * @param folder - Where its relative imports start.
 * @param reason - What the resolver said.
 */
export function importError(specifier: string, importer: string, folder: string, reason: string): ImportError {
  return new ImportError(`${importer}: ${explain(specifier, folder, reason)}`);
}

function explain(specifier: string, folder: string, reason: string): string {
  if (/^(\.{0,2}\/|file:)/.test(specifier)) {
    return `there is no file ${JSON.stringify(specifier)} in ${folder}. Check the path; it starts at the folder of the importing file.`;
  }
  const similar = similarBuiltin(specifier.replace(/^node:/, ""));
  if (specifier.startsWith("node:")) {
    return `Node has no module ${JSON.stringify(specifier)}.${similar ? ` Did you mean "node:${similar}"?` : ""}`;
  }
  const name = packageName(specifier);
  if (!name) return `${JSON.stringify(specifier)} cannot be found: ${reason}.`;
  if (reason.includes("is not exported")) {
    return `package ${JSON.stringify(name)} does not export ${JSON.stringify(`.${specifier.slice(name.length)}`)}. Import one of the entries that its package.json lists.`;
  }
  const advice = `Run %install ${name} in a cell.`;
  return `package ${JSON.stringify(name)} is not installed. ${similar ? `Did you mean "node:${similar}"? If not: run` : "Run"}${advice.slice(3)}`;
}

/** The package of a specifier such as `@scope/name/sub`; null if it names none. */
export function packageName(specifier: string): string | null {
  return /^(@[a-z0-9-_.~]+\/)?[a-z0-9-_.~]+(?=\/|$)/i.exec(specifier)?.[0] ?? null;
}

/** The built-in module that is one letter away. */
function similarBuiltin(name: string): string | undefined {
  return builtinModules.find((builtin) => !builtin.startsWith("_") && isOneEditAway(name, builtin));
}

function isOneEditAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const swapped = a.slice(0, start) + (a[start + 1] ?? "") + (a[start] ?? "") + a.slice(start + 2);
  return (
    swapped === b ||
    a.slice(start + 1) === b.slice(start + 1) ||
    a.slice(start) === b.slice(start + 1) ||
    a.slice(start + 1) === b.slice(start)
  );
}
