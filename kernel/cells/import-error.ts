import { builtinModules } from "node:module";

/** A module that cannot be found; the message says what to do. */
export class ImportError extends Error {
  override readonly name = "ImportError";
  readonly code = "ERR_MODULE_NOT_FOUND";
}

/**
 * @param importer - The file that imports; null for a cell.
 * @param folder - Where relative imports start.
 * @param reason - What the resolver said.
 */
export function importError(specifier: string, importer: string | null, folder: string, reason: string): ImportError {
  const where = importer === null ? "import" : `import in ${importer}`;
  return new ImportError(`${where}: ${explain(specifier, folder, reason)}`);
}

function explain(specifier: string, folder: string, reason: string): string {
  const shown = JSON.stringify(specifier);
  if (/^(\.{0,2}\/|file:)/.test(specifier)) {
    return `there is no file ${shown} in ${folder}. Check the path, which starts at the folder of the importing file.`;
  }
  const similar = similarBuiltin(specifier.replace(/^node:/, ""));
  const suggestion = similar ? ` Did you mean "node:${similar}"?` : "";
  if (specifier.startsWith("node:")) return `Node.js has no module ${shown}.${suggestion}`;
  const name = packageName(specifier);
  if (name === null) return `${shown} cannot be found: ${reason}.`;
  if (reason.includes("is not exported")) {
    const entry = JSON.stringify(`.${specifier.slice(name.length)}`);
    return `package "${name}" has no entry ${entry}. Import one that its package.json lists under "exports".`;
  }
  return `package "${name}" is not installed.${suggestion} Run %install ${name} in a cell.`;
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
