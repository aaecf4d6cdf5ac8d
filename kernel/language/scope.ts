import type { DeclarationKind } from "./outline.js";
import { hubImport } from "./project.js";
import { identifiersIn } from "./text.js";

/** Holds the types of variables. */
const typesNamespace = "$etudeTypes";

/** Where the newest definition of a name is: a module that the hub re-exports, and its export there. */
interface Definition {
  readonly module: string;
  readonly exported: string;
  readonly kind: DeclarationKind;
}

/** The names that a cell may use without declaring them: those of the library and of the cells that ran. */
export class Scope {
  readonly #definitions = new Map<string, Definition>();

  define(name: string, definition: Definition): void {
    this.#definitions.set(name, definition);
  }

  has(name: string): boolean {
    return this.#definitions.has(name);
  }

  kindOf(name: string): DeclarationKind | undefined {
    return this.#definitions.get(name)?.kind;
  }

  /** The names in scope that `code` mentions and does not declare itself. */
  mentionedIn(code: string, declared: ReadonlyMap<string, unknown>): string[] {
    return [...identifiersIn(code)].filter((name) => this.has(name) && !declared.has(name));
  }

  /** All names in scope but those `declared`. */
  allExcept(declared: ReadonlyMap<string, unknown>): string[] {
    return [...this.#definitions.keys()].filter((name) => !declared.has(name));
  }

  /** The modules behind `names`. */
  modulesOf(names: readonly string[]): Set<string> {
    return new Set(names.map((name) => this.#definitions.get(name)!.module));
  }

  /** The modules that are the newest home of any name. */
  liveModules(): Set<string> {
    return new Set([...this.#definitions.values()].map(({ module }) => module));
  }

  /**
   * One line that brings `names` into a cell. An alias keeps every meaning of a name (value, generic type, namespace)
   * and its documentation, but cannot be written to, so a variable is declared anew with the type it has. That type is
   * taken inside a namespace: below the code, what runs before would narrow it, and a call such as `data.sort()` cannot
   * be looked at for that before the type of `data` is known.
   */
  importLine(names: readonly string[]): string {
    const targetOf = (name: string) => {
      const { module, exported } = this.#definitions.get(name)!;
      return `$etude.${module}.${exported}`;
    };
    const variables = names.filter((name) => this.kindOf(name) === "let");
    const aliases = names.filter((name) => this.kindOf(name) !== "let");
    const types = variables.map((name) => `export type $${name} = typeof ${targetOf(name)};`);
    return [
      hubImport,
      ...aliases.map((name) => `import ${name} = ${targetOf(name)};`),
      ...(types.length > 0 ? [`declare namespace ${typesNamespace} {${types.join("")}}`] : []),
      ...variables.map((name) => `declare let ${name}: ${typesNamespace}.$${name};`),
    ].join("");
  }
}
