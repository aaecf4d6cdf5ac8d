import { registerScript } from "./positions.js";
import type { DeclarationKind } from "./reading.js";
import { constName, rewrite } from "./rewrite.js";
import { type CompilerSettings, defaultSettings } from "./settings.js";
import { syntaxErrorAt } from "./syntax-error.js";
import { stepOf } from "./trace.js";
import { transform } from "./transform.js";
import { settingsReader } from "./tsconfig.js";

/** What the runner hands to a compiled cell as its only argument. */
export interface CellRuntime {
  /** A static or dynamic import, from the folder of the notebook. */
  import(specifier: unknown, attributes?: Readonly<Record<string, string>>): Promise<Record<string, unknown>>;
  /** What an interrupt changes; taken before each `await`. */
  generation(): unknown;
  /** Gives `value`, or throws if an interrupt came since `generation` was taken. */
  resume<T>(generation: unknown, value?: T): T | undefined;
  /** `import.meta`. */
  readonly meta: Readonly<Record<string, unknown>>;
}

export interface CompiledCell {
  /** The names that the cell gives the session, without types. */
  readonly declares: ReadonlyMap<string, DeclarationKind>;
  /** Declares the names that the session does not have yet; run before the script; empty if there are none. */
  readonly slots: string;
  /**
   * Evaluates, as a script of the main realm, to a function of a `CellRuntime`. It returns the value of the last
   * expression as the only element of an array, or undefined; a promise of that if the cell awaits.
   */
  readonly script: string;
  readonly awaits: boolean;
  readonly hasResult: boolean;
  /** The names that the cell uses and does not declare. */
  readonly free: ReadonlySet<string>;
}

/** Turns the cells of one session into scripts, one after the other; it remembers what they declare. */
export class CellCompiler {
  readonly #kinds = new Map<string, DeclarationKind>();

  private readonly settings: () => CompilerSettings;

  /** @param folder - The notebook's folder; a `tsconfig.json` in it says how JSX and decorators are written. */
  constructor(folder?: string) {
    this.settings = folder === undefined ? () => defaultSettings : settingsReader(folder);
  }

  /**
   * @param name - Names the cell in stack traces, such as `Cell[7]`.
   * @throws CellSyntaxError if the text is not TypeScript, or `tsconfig.json` not JSON; the session is as before.
   */
  compile(source: string, name: string): CompiledCell {
    const isConst = (slot: string) => refusesWrites(this.#kinds.get(slot));
    const settings = this.settings();
    const { rewritten, script } = scriptOf(source, name, settings, isConst);
    const { declares, writtenConsts, awaits, hasResult, free } = rewritten;
    const refused = ["undefined", "NaN", "Infinity"].find((slot) => declares.has(slot));
    if (refused) throw syntaxErrorAt(source, name, source.indexOf(refused), `${refused} cannot be declared`);
    registerScript(name, name, source, () => {
      const { rewritten, steps } = scriptOf(source, name, settings, (slot) => writtenConsts.has(slot));
      return [stepOf(rewritten.text), ...steps()];
    });
    const slots = [...declares.keys()].filter((slot) => !this.#kinds.has(slot)).map(slotText);
    for (const [slot, kind] of declares) this.#kinds.set(slot, kind);
    return { declares, slots: slots.length > 0 ? `let ${slots.join(",")};` : "", script, awaits, hasResult, free };
  }
}

function scriptOf(source: string, name: string, settings: CompilerSettings, isConst: (slot: string) => boolean) {
  const { code, program, steps } = transform(source, name, { languages: ["tsx", "ts"], settings, isCell: true });
  let runtime = "$etude";
  while (source.includes(runtime)) runtime += "$";
  const isGenerated = (slot: string) => !occurs(slot, source);
  const rewritten = rewrite(code, { program, isGenerated, isConst, runtime });
  const consts = [...rewritten.writtenConsts].map((slot) => `const ${constName(runtime, slot)}=void 0;`).join("");
  rewritten.text.prepend(`"use strict";(${rewritten.awaits ? "async" : ""}(${runtime})=>{${consts}`).append("\n})");
  return { rewritten, steps, script: rewritten.text.toString() };
}

function refusesWrites(kind: DeclarationKind | undefined): boolean {
  return kind === "const" || kind === "import";
}

/** A cell may shadow a global; until its own declaration runs, and if that fails, the name keeps its meaning. */
function slotText(slot: string): string {
  return Object.getOwnPropertyDescriptor(globalThis, slot)?.value === undefined ? slot : `${slot}=globalThis.${slot}`;
}

/** Whether a name stands in the source for itself, and not only as a property; if not, the transform made it up. */
function occurs(name: string, source: string): boolean {
  if (!source.includes(name)) return false;
  return new RegExp(`(?<![\\w$]|[^.]\\.)${name.replaceAll("$", "\\$")}(?![\\w$])`).test(source);
}
