import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { scopeName } from "./link-module.js";
import { type Graph, GraphReader } from "./local-graph.js";
import { ModuleFiles } from "./module-files.js";
import { Resolver } from "./resolve.js";
import type { CompilerSettings } from "./settings.js";

type Namespace = Record<string, unknown>;
type Attributes = Readonly<Record<string, string>>;

/** Imports for the cells of a notebook, and for the user's own files that they import. */
export class UserModules {
  readonly #resolver = new Resolver();
  readonly #graphs: GraphReader;
  readonly #files = new ModuleFiles();
  readonly #notebook: string;

  /** @param folder - The notebook's folder, where the imports of cells start. */
  constructor(folder: string, settings: () => CompilerSettings) {
    this.#notebook = join(folder, "notebook.ts");
    this.#graphs = new GraphReader(this.#resolver, settings);
    const value = (path: string) => this.#scopeOf(path);
    Object.defineProperty(globalThis, Symbol.for(scopeName), { value, configurable: true });
  }

  /**
   * Imports a module as it is now: an edited file of the user, or one that imports an edited one, is a new module.
   * @throws ImportError if there is no such module.
   * @throws CellSyntaxError if a file of the user is not TypeScript.
   */
  import(specifier: unknown, attributes?: Attributes): Promise<Namespace> {
    return this.#import(specifier, attributes, this.#notebook);
  }

  async #import(specifier: unknown, attributes: Attributes | undefined, importer: string) {
    this.#resolver.refresh();
    const target = this.#resolver.resolve(String(specifier), importer, importer === this.#notebook);
    if (target.kind === "types") return {};
    if (target.kind === "native") return (await import(target.url, attributes && { with: attributes })) as Namespace;
    const graph = this.#graphs.read(target.path);
    return this.#run(this.#files.write(target.path, graph), graph);
  }

  async #run(url: string, graph: Graph): Promise<Namespace> {
    try {
      return await import(url);
    } catch (error) {
      this.#files.failed(graph);
      throw error instanceof SyntaxError ? this.#files.explained(error) : error;
    }
  }

  /** What a module of the user sees, as if it ran where its file is. */
  #scopeOf(path: string) {
    const require = createRequire(path);
    const resolve = (specifier: string) => {
      const target = this.#resolver.resolve(specifier, path);
      return target.kind === "native" ? target.url : pathToFileURL(target.kind === "local" ? target.path : path).href;
    };
    return {
      require,
      meta: { url: pathToFileURL(path).href, filename: path, dirname: dirname(path), resolve },
      import: (specifier: unknown, options?: { readonly with?: Attributes }) =>
        this.#import(specifier, options?.with, path),
    };
  }
}
