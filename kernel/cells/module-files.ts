import { writeFileSync } from "node:fs";
import { join, parse } from "node:path";
import { pathToFileURL } from "node:url";
import { linkModule } from "./link-module.js";
import { exportsOf, type Graph, type Part, versionOf } from "./local-graph.js";
import { locate, registerScript, sourceOf } from "./positions.js";
import { privateFolder } from "./private-folder.js";
import type { Target } from "./resolve.js";
import { syntaxErrorAt } from "./syntax-error.js";
import { offsetOf } from "./text-lines.js";
import { stepOf } from "./trace.js";

/** Where a module finds the value of a CommonJS or JSON file, by its own URL. */
const valuesName = "etude.values";
const noExports = "data:text/javascript,export{}";

/**
 * The files of the user as modules that Node can import, in a private folder. A name carries a mark of all that the
 * file reaches: an edit gives a new module, and what did not change stays the module that it was.
 */
export class ModuleFiles {
  #folder: string | undefined;
  readonly #paths = new Map<string, string>();
  /** How often a file failed to run: Node would give the same failure for the same name for ever. */
  readonly #failures = new Map<string, number>();
  readonly #values: Record<string, unknown> = {};

  constructor() {
    Object.defineProperty(globalThis, Symbol.for(valuesName), { value: this.#values, configurable: true });
  }

  /** Writes what is new of a graph; gives the URL of one of its files. */
  write(path: string, graph: Graph): string {
    const urls = new Map([...graph.keys()].map((part) => [part, this.#urlOf(part, graph)]));
    for (const part of graph.values()) {
      const url = urls.get(part.path)!;
      if (this.#paths.has(url)) continue;
      this.#paths.set(url, part.path);
      writeFileSync(new URL(url), this.#textOf(part, url, urls, graph));
    }
    return urls.get(path)!;
  }

  /** Lets the next import run the files of a graph again. */
  failed(graph: Graph): void {
    for (const path of graph.keys()) this.#failures.set(path, (this.#failures.get(path) ?? 0) + 1);
  }

  /** Node's error for an import of a name that the other module lacks, at its place in the user's file. */
  explained(error: SyntaxError): SyntaxError {
    const message = error.message.replace(/'(file:[^']+\.mjs)'/g, (_, url) =>
      JSON.stringify(this.#paths.get(url) ?? url),
    );
    const [, url = "", line, indent = ""] = /^(file:\S+):(\d+)\n.*\n( *)\^/.exec(error.stack ?? "") ?? [];
    const place = locate(url, Number(line), indent.length + 1);
    if (!place) return error;
    const source = sourceOf(place.script)!;
    return syntaxErrorAt(source, place.script, offsetOf(source, place), message);
  }

  #urlOf(path: string, graph: Graph): string {
    const name = `${parse(path).name}-${versionOf(path, graph, this.#failures)}.mjs`;
    this.#folder ??= privateFolder();
    return pathToFileURL(join(this.#folder, name)).href;
  }

  #textOf({ path, content }: Part, url: string, urls: ReadonlyMap<string, string>, graph: Graph): string {
    if (content.kind === "value") {
      this.#values[url] = content.value;
      return valueModule(url, content.value);
    }
    const text = linkModule(content.module, {
      urlOf: (specifier) => urlOf(content.targets.get(specifier)!, urls),
      isMissing: (specifier, name) => isMissing(content.targets.get(specifier)!, name, graph),
    });
    registerScript(url, path, content.module.source, () => [stepOf(text), ...content.module.steps()]);
    return text.toString();
  }
}

function urlOf(target: Target, urls: ReadonlyMap<string, string>): string {
  if (target.kind === "types") return noExports;
  return target.kind === "native" ? target.url : urls.get(target.path)!;
}

/** Whether a module surely lacks an export, which must then be a type. */
function isMissing(target: Target, name: string, graph: Graph): boolean {
  if (target.kind === "local") return exportsOf(target.path, graph)?.has(name) === false;
  return target.kind === "types";
}

/** A module that exports a value, and each of its properties by name; a module may export names of any text. */
function valueModule(url: string, value: unknown): string {
  const keys = typeof value === "object" || typeof value === "function" ? Object.keys(value ?? {}) : [];
  const exports = keys
    .filter((key) => key !== "default" && key.isWellFormed())
    .map((key) => JSON.stringify(key))
    .map((key, i) => `const v${i}=value[${key}];export{v${i} as ${key}};`);
  const values = `globalThis[Symbol.for(${JSON.stringify(valuesName)})]`;
  return `const value=${values}[${JSON.stringify(url)}];export default value;\n${exports.join("\n")}\n`;
}
