import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { CommonJs } from "./common-js.js";
import { type LocalModule, readLocalModule } from "./local-module.js";
import type { Resolver, Target } from "./resolve.js";
import type { CompilerSettings } from "./settings.js";

/** A file of the user as it is now. */
export interface Part {
  readonly path: string;
  /** Changes with what the file itself says. */
  readonly version: string;
  readonly content:
    | { readonly kind: "module"; readonly module: LocalModule; readonly targets: ReadonlyMap<string, Target> }
    /** A CommonJS file, which has run, or data. */
    | { readonly kind: "value"; readonly value: unknown };
}

export type Graph = ReadonlyMap<string, Part>;

/** Reads a file and all files of the user that it imports, anew each time; a text that is as before is not parsed again. */
export class GraphReader {
  readonly #modules = new Map<string, LocalModule>();
  readonly #commonJs: CommonJs;

  constructor(
    private readonly resolver: Resolver,
    private readonly settings: () => CompilerSettings,
  ) {
    this.#commonJs = new CommonJs(settings);
  }

  /**
   * @throws ImportError if an import leads nowhere.
   * @throws CellSyntaxError if a file is not TypeScript or JSON.
   */
  read(path: string, parts = new Map<string, Part>()): Graph {
    if (parts.has(path)) return parts;
    const part = this.#part(path);
    parts.set(path, part);
    if (part.content.kind === "value") return parts;
    for (const target of part.content.targets.values()) if (target.kind === "local") this.read(target.path, parts);
    return parts;
  }

  #part(path: string): Part {
    const text = path.endsWith(".node") ? "" : readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    if (path.endsWith(".json"))
      return { path, version: text, content: { kind: "value", value: parseJson(path, text) } };
    const module = path.endsWith(".node") ? null : this.#module(path, text);
    if (!module || module.isCommonJs) {
      const { exported, version } = this.#commonJs.load(path);
      return { path, version, content: { kind: "value", value: exported } };
    }
    const targets = new Map(module.specifiers.map((text) => [text, this.resolver.resolve(text, path)]));
    return { path, version: text, content: { kind: "module", module, targets } };
  }

  #module(path: string, text: string): LocalModule {
    const known = this.#modules.get(path);
    if (known?.source === text) return known;
    const module = readLocalModule(path, text, this.settings());
    this.#modules.set(path, module);
    return module;
  }
}

/**
 * A mark that changes with the text of a file or of any file that it imports, however far away.
 * @param failures - How often a file failed to run.
 */
export function versionOf(path: string, graph: Graph, failures: ReadonlyMap<string, number>): string {
  const hash = createHash("sha256");
  for (const reached of [...reachable(path, graph)].sort()) {
    hash.update(`${reached}\0${graph.get(reached)!.version}\0${failures.get(reached) ?? 0}\0`);
  }
  return hash.digest("hex").slice(0, 16);
}

function reachable(path: string, graph: Graph, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const { content } = graph.get(path)!;
  if (content.kind === "value") return seen;
  for (const target of content.targets.values()) if (target.kind === "local") reachable(target.path, graph, seen);
  return seen;
}

/** The names that a module exports; null if some come from a module that is not the user's. */
export function exportsOf(path: string, graph: Graph, seen = new Set<string>()): ReadonlySet<string> | null {
  const { content } = graph.get(path)!;
  if (content.kind === "value") return null;
  const names = new Set(content.module.exports);
  seen.add(path);
  for (const specifier of content.module.starExports) {
    const target = content.targets.get(specifier)!;
    if (target.kind === "native") return null;
    if (target.kind === "types" || seen.has(target.path)) continue;
    const inner = exportsOf(target.path, graph, seen);
    if (!inner) return null;
    for (const name of inner) names.add(name);
  }
  return names;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${path} is not JSON: ${(error as Error).message}`);
  }
}
