import type { Outline } from "./outline.js";
import type { Project } from "./project.js";
import { Scope } from "./scope.js";
import type { TypeScriptServer } from "./server.js";
import { hasJsx } from "./text.js";

/** One in-memory module. A cell that ran keeps its own, with the definitions it saw then, so types never run in circles. */
interface CellModule {
  readonly name: string;
  readonly path: string;
  /** The modules of the names it uses. */
  uses: ReadonlySet<string>;
  /** It holds the newest definition of a name, or something that does holds on to it. */
  kept: boolean;
  /** It ran, and what it added to the global scope or to a module counts as long as the session. */
  augments: boolean;
}

/** A cell in its module, ready to be checked. */
export interface PlacedCell {
  readonly code: string;
  readonly module: CellModule;
  readonly outline: Outline;
}

/** The hub names modules ahead of need, because a change of its imports makes TypeScript resolve everything again. */
const modulesAhead = 32;

/** The modules of the session: one for each cell whose definitions still count, and a few empty ones. */
export class Cells {
  readonly scope = new Scope();
  readonly #modules: CellModule[] = [];

  constructor(
    readonly server: TypeScriptServer,
    readonly project: Project,
  ) {
    this.#writeHub();
    this.#add("ts");
  }

  /** Writes the cell into a module that nothing refers to. */
  place(code: string, outline: Outline): PlacedCell {
    const extension = hasJsx(code) ? "tsx" : "ts";
    const isFree = (module: CellModule) => !module.kept && module.path.endsWith(`.${extension}`);
    const module = this.#modules.find(isFree) ?? this.#add(extension);
    const mentioned = this.scope.mentionedIn(code, outline.names);
    const exports = [...outline.names.keys()].map((name) => `${name} as $${name}`);
    module.uses = this.scope.modulesOf(mentioned);
    // After the code, so that its positions stay; behind a semicolon, so that an open expression ends.
    const footer = `;${this.scope.importLine(mentioned)}export {${exports.join(", ")}};`;
    this.server.setDocument(module.path, `${code}\n${footer}`);
    return { code, module, outline };
  }

  /** Makes the definitions of a cell the newest ones. */
  define({ module, outline }: PlacedCell): void {
    for (const [name, kind] of outline.names) {
      this.scope.define(name, { module: module.name, exported: `$${name}`, kind });
    }
    module.augments = outline.augments;
    this.#keepReachable();
    if (this.#modules.every(({ kept, path }) => kept || path.endsWith("x"))) this.#add("ts");
  }

  /** Empties every module that holds no definitions. */
  clearFree(): void {
    for (const { kept, path } of this.#modules) if (!kept) this.server.setDocument(path, this.#emptyModule);
  }

  get #emptyModule(): string {
    return `${this.scope.importLine([])}export {};`;
  }

  #keepReachable(): void {
    const byName = new Map(this.#modules.map((module) => [module.name, module]));
    const augmenting = this.#modules.filter(({ augments }) => augments).map(({ name }) => name);
    const reached = new Set([...this.scope.liveModules(), ...augmenting]);
    for (const name of reached) for (const used of byName.get(name)?.uses ?? []) reached.add(used);
    for (const module of this.#modules) module.kept = reached.has(module.name);
  }

  #add(extension: "ts" | "tsx"): CellModule {
    const name = `c${this.#modules.length + 1}`;
    const path = this.project.modulePath(name, extension);
    const module: CellModule = { name, path, uses: new Set(), kept: false, augments: false };
    this.#modules.push(module);
    if (this.#modules.length % modulesAhead === 0) this.#writeHub();
    this.server.setDocument(path, this.#emptyModule);
    return module;
  }

  #writeHub(): void {
    const count = modulesAhead * (Math.floor(this.#modules.length / modulesAhead) + 1);
    const names = Array.from({ length: count }, (_, index) => `c${index + 1}`);
    this.server.setDocument(this.project.hub, this.project.hubText(names));
  }
}
