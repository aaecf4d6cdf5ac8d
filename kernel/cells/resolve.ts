import { isBuiltin } from "node:module";
import { dirname, extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ResolverFactory } from "oxc-resolver";
import { importError } from "./import-error.js";

/** Where an import leads. */
export type Target =
  /** What Node loads by itself: built-in modules, packages, `data:` URLs. */
  | { readonly kind: "native"; readonly url: string }
  /** A file of the user. */
  | { readonly kind: "local"; readonly path: string }
  /** A package or file that has declarations only: all its imports are types. */
  | { readonly kind: "types" };

const extensions = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx", ".json", ".node"];
const options = {
  extensions,
  extensionAlias: {
    ".js": [".ts", ".tsx", ".js", ".jsx"],
    ".mjs": [".mts", ".mjs"],
    ".cjs": [".cts", ".cjs"],
    ".jsx": [".tsx", ".jsx"],
  },
  tsconfig: "auto" as const,
};
const ownName = "etude-ml";
const ownUrl = new URL("../../src/index.js", import.meta.url).href;

/** Resolves imports as Node does, and also what TypeScript allows: no extension, `.js` for `.ts`, folders, `paths`. */
export class Resolver {
  readonly #esm = new ResolverFactory({ ...options, conditionNames: ["node", "import"] });
  readonly #commonJs = new ResolverFactory({ ...options, conditionNames: ["node", "require"] });

  /** Forgets what was there: a package may have been installed, a file written. */
  refresh(): void {
    this.#esm.clearCache();
    this.#commonJs.clearCache();
  }

  /**
   * @param importer - The path of the importing file; for a cell one in the notebook's folder.
   * @throws ImportError if there is no such module.
   */
  resolve(specifier: string, importer: string, isCell = false): Target {
    if (isBuiltin(specifier)) return { kind: "native", url: specifier };
    if (specifier === ownName) return { kind: "native", url: ownUrl };
    if (/^(data|https?):/.test(specifier)) return { kind: "native", url: specifier };
    const request = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
    const found = this.#esm.resolveFileSync(importer, request);
    const path = found.path ?? this.#commonJs.resolveFileSync(importer, request).path;
    if (path !== undefined) return targetOf(path);
    if (this.#esm.resolveDtsSync(importer, request).path !== undefined) return { kind: "types" };
    throw importError(specifier, isCell ? null : importer, dirname(importer), found.error ?? "no such module");
  }
}

function targetOf(path: string): Target {
  if (/\.d\.[cm]?ts$/.test(path)) return { kind: "types" };
  const isTypeScript = /\.[cm]?tsx?$/.test(path);
  const isPackage = /[\\/]node_modules[\\/]/.test(path);
  const isKnown = extensions.includes(extname(path));
  if (isTypeScript || (isKnown && !isPackage) || path.endsWith(".json")) return { kind: "local", path };
  return { kind: "native", url: pathToFileURL(path).href };
}
