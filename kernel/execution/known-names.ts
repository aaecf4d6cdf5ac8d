import { readFileSync } from "node:fs";
import type { RuntimeCompletion } from "../pipe/messages.js";

const keywords = (
  "abstract as async await break case catch class const continue declare default delete do else enum export extends " +
  "false finally for from function if implements import in instanceof interface keyof let namespace new null of " +
  "private protected public readonly return satisfies static super switch this throw true try type typeof undefined " +
  "using var void while yield"
).split(" ");

const typed = /(?:^|[^\p{ID_Continue}$])([\p{ID_Start}$_][\p{ID_Continue}$]*)?$/u;

/**
 * What the kernel knows by itself of the names in scope. It answers while nothing better can: TypeScript is starting,
 * starting again or absent, and a cell keeps the running program busy.
 */
export class KnownNames {
  readonly #declared = new Map<string, string>();
  #others: Map<string, string> | undefined;

  /** @param libraryTypes - The library's `index.d.ts`, whose exports are globals in cells. */
  constructor(private readonly libraryTypes: string) {}

  /** Takes in what a cell declares, name to kind. */
  declare(names: Readonly<Record<string, string>>): void {
    for (const [name, kind] of Object.entries(names)) this.#declared.set(name, kind);
  }

  /** The program that had the names is gone. */
  clear(): void {
    this.#declared.clear();
  }

  /** Nothing is known of the members of a value. */
  complete(code: string, cursor: number): RuntimeCompletion {
    const before = code.slice(0, cursor);
    const prefix = typed.exec(before)?.[1] ?? "";
    const start = cursor - prefix.length;
    if (isMember(before.slice(0, start))) return { matches: [], start: cursor, end: cursor };
    const matches = [...new Map([...this.#known(), ...this.#declared])]
      .filter(([name]) => name.startsWith(prefix))
      .map(([text, kind]) => ({ text, kind: shownKinds[kind] ?? kind }))
      .sort((a, b) => (a.text < b.text ? -1 : 1));
    return { matches, start, end: cursor };
  }

  /** How a cell declared the name at the cursor; undefined if none did. */
  inspect(code: string, cursor: number): string | undefined {
    const before = code.slice(0, cursor);
    const [after] = /^[\p{ID_Continue}$]*/u.exec(code.slice(cursor))!;
    const prefix = typed.exec(before)?.[1] ?? "";
    const kind = this.#declared.get(prefix + after);
    if (kind === undefined || isMember(before.slice(0, cursor - prefix.length))) return undefined;
    return `${kind} ${prefix}${after}`;
  }

  #known(): Map<string, string> {
    this.#others ??= new Map([...globals(), ...exportsIn(this.libraryTypes), ...keywords.map(keyword)]);
    return this.#others;
  }
}

/** JupyterLab's words for what it shows as a variable. */
const shownKinds: Readonly<Record<string, string>> = {
  const: "variable",
  let: "variable",
  var: "variable",
  import: "variable",
};

function isMember(before: string): boolean {
  return /\.\s*$/.test(before) && !/\.\.\.\s*$/.test(before);
}

function keyword(name: string): [string, string] {
  return [name, "keyword"];
}

/** Those of this process are those of the program: the same Node runs both. */
function globals(): [string, string][] {
  return Object.entries(Object.getOwnPropertyDescriptors(globalThis))
    .filter(([name]) => /^[A-Za-z]\w*$/.test(name))
    .map(([name, { value }]) => [name, kindOf(name, typeof value === "function")]);
}

/** The exports are listed by name, one statement a line. */
function exportsIn(declarations: string): [string, string][] {
  const statements = readFileSync(declarations, "utf8").matchAll(/^export (type )?\{([^}]*)\}/gm);
  return [...statements].flatMap(([, types, list]) =>
    list!.split(",").flatMap((item): [string, string][] => {
      const [, type = types, name] = /^\s*(type )?(?:\w+ as )?(\w+)\s*$/.exec(item) ?? [];
      return name === undefined ? [] : [[name, type ? "type" : kindOf(name, false)]];
    }),
  );
}

function kindOf(name: string, isFunction: boolean): string {
  if (/^[A-Z][a-z]/.test(name)) return "class";
  return isFunction ? "function" : "variable";
}
