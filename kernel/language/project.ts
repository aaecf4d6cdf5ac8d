import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { standardLibrary } from "./standard-library.js";

/** What a cell is checked with where the notebook's `tsconfig.json` does not say otherwise. */
const defaults = {
  strict: true,
  jsx: "react",
  resolveJsonModule: true,
  allowJs: true,
  esModuleInterop: true,
  customConditions: ["node"],
};

/** What a cell is, whatever `tsconfig.json` says: a module with top-level await whose names others may use. */
const fixed = {
  target: "esnext",
  module: "preserve",
  moduleResolution: "bundler",
  moduleDetection: "force",
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  isolatedDeclarations: false,
  erasableSyntaxOnly: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
};

/** The one import of every cell. Because it never changes, TypeScript keeps all other files when a cell does. */
export const hubImport = 'import * as $etude from "./.etude-hub";';

/** The in-memory files. They lie beside the notebook, so that its packages and local files resolve as in any module. */
export class Project {
  readonly hub: string;
  readonly outlineFolder: string;

  constructor(
    readonly folder: string,
    readonly libraryTypes: string,
  ) {
    this.hub = this.#path("hub.ts");
    this.outlineFolder = this.#path("outline");
  }

  /** The user's own configuration, whose place ours takes; see {@link configs}. */
  get userConfig(): string {
    return join(this.folder, "tsconfig.json");
  }

  modulePath(module: string, extension: "ts" | "tsx"): string {
    return this.#path(`${module}.${extension}`);
  }

  /** The configuration files, path to text: ours over the user's, if there is one, over the defaults. */
  configs(userConfig: string | undefined): Map<string, string> {
    const parents = ["./.etude-defaults.json", ...(userConfig === undefined ? [] : ["./.etude-tsconfig.json"])];
    const compilerOptions = {
      ...defaults,
      lib: standardLibrary(process.versions.node),
      types: [nodeTypes(this.folder)],
    };
    const texts = new Map([
      [this.#path("defaults.json"), JSON.stringify({ compilerOptions })],
      [this.userConfig, JSON.stringify({ extends: parents, compilerOptions: fixed, files: this.#roots, include: [] })],
    ]);
    if (userConfig !== undefined) texts.set(this.#path("tsconfig.json"), userConfig);
    return texts;
  }

  /** A configuration that loads nothing, for as long as files are still being opened: each would load everything. */
  get emptyConfig(): string {
    const compilerOptions = { noLib: true, noResolve: true, types: [] };
    return JSON.stringify({ compilerOptions, files: [...this.#roots, this.modulePath("c1", "ts")] });
  }

  get #roots(): string[] {
    const drafts = [this.modulePath("draft", "ts"), this.modulePath("draft", "tsx"), this.modulePath("imports", "ts")];
    return [this.hub, ...this.packageDeclaration().keys(), ...drafts];
  }

  /** The file that re-exports the library and every cell, each under the name of its module. */
  hubText(modules: readonly string[]): string {
    const cells = modules.map((module) => `export * as ${module} from "./.etude-${module}";`);
    return [`export * as library from ${this.#libraryModule};`, ...cells].join("\n");
  }

  /** Makes `import { fit } from "etude-ml"` mean the library of this kernel, installed beside the notebook or not. */
  packageDeclaration(): Map<string, string> {
    return new Map([
      [this.#path("library.d.ts"), `export * from ${this.#libraryModule}; export as namespace $etudeLibrary;`],
      [this.#path("package.d.ts"), 'declare module "etude-ml" { export = $etudeLibrary; }'],
    ]);
  }

  get #libraryModule(): string {
    return JSON.stringify(this.libraryTypes.replace(/\.d\.ts$/, ".js"));
  }

  #path(name: string): string {
    return join(this.folder, `.etude-${name}`);
  }
}

/** The notebook's own `@types/node` if it has one, else ours: both at once would declare everything twice. */
function nodeTypes(folder: string): string {
  const name = "@types/node/package.json";
  const ours = createRequire(import.meta.url).resolve(name);
  try {
    return dirname(createRequire(join(folder, "notebook.js")).resolve(name));
  } catch {
    return dirname(ours);
  }
}
