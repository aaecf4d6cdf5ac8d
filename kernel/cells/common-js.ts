import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { registerScript } from "./positions.js";
import type { CompilerSettings } from "./settings.js";
import { transform } from "./transform.js";

interface CompilingModule extends NodeJS.Module {
  _compile(code: string, filename: string): void;
}

const require = createRequire(import.meta.url);

/** The user's CommonJS files: loaded by Node's own `require`, and again when one of them was edited. */
export class CommonJs {
  /** The text that each file had when it was loaded. */
  readonly #texts = new Map<string, string>();

  constructor(settings: () => CompilerSettings) {
    for (const extension of [".ts", ".cts", ".tsx"]) {
      require.extensions[extension] = (module, filename) => {
        const source = readFileSync(filename, "utf8");
        const languages = [filename.endsWith("x") ? "tsx" : "ts"] as const;
        const { code, steps } = transform(source, filename, { languages, settings: settings(), isCell: false });
        registerScript(filename, filename, source, steps);
        (module as CompilingModule)._compile(code, filename);
      };
    }
  }

  /** What a file exports, and a mark that changes with the text of the file or of one that it requires. */
  load(path: string): { readonly exported: unknown; readonly version: string } {
    const loaded = filesOf(require.cache[path]);
    const isEdited = loaded.some((file) => this.#texts.get(file) !== readFileSync(file, "utf8"));
    if (isEdited) for (const file of loaded) delete require.cache[file];
    const exported: unknown = require(path);
    const hash = createHash("sha256");
    for (const file of filesOf(require.cache[path])) {
      const text = readFileSync(file, "utf8");
      this.#texts.set(file, text);
      hash.update(`${file}\0${text}\0`);
    }
    return { exported, version: hash.digest("hex") };
  }
}

/** The path of a module and of the user's modules that it required. */
function filesOf(module: NodeJS.Module | undefined, files = new Set<string>()): string[] {
  if (!module || files.has(module.filename) || /[\\/]node_modules[\\/]|\.node$/.test(module.filename)) return [];
  files.add(module.filename);
  for (const child of module.children) filesOf(child, files);
  return [...files];
}
