import type { CodeAction, CompletionItem, CompletionList } from "vscode-languageserver-protocol";
import { builtinExports } from "./builtin-exports.js";
import type { Draft } from "./draft.js";
import { type Importable, importable } from "./import-source.js";
import { LocalExports } from "./local-exports.js";
import type { TypeScriptServer } from "./server.js";

const cannotFindName = 2304;
const interfaceKind = 8;
/** Completion offers no more than so many names that would have to be imported. */
const maxOffered = 20;

/**
 * Where a name that nobody has defined could come from: the modules of Node, which the kernel knows itself; files beside
 * the notebook, which are no part of the program before a cell imports them; and installed packages, which TypeScript
 * looks through. It reads them when it is first asked, so nothing is asked of it where no name is missing.
 */
export class Imports {
  readonly #local: LocalExports;
  #last: Promise<unknown> = Promise.resolve();

  /** @param path - A document of its own for the questions, a root of the project. */
  constructor(
    readonly server: TypeScriptServer,
    readonly path: string,
    folder: string,
  ) {
    this.#local = new LocalExports(folder);
    server.setDocument(path, "export {};");
  }

  /** Every way to import exactly this name, best first. */
  async of(name: string): Promise<Importable[]> {
    const found = [...this.#own(name), ...(await this.#fromPackages(name))];
    return [...new Map(found.map((each) => [each.statement, each])).values()];
  }

  /** The first of them; the packages are not asked where the kernel itself knows one. */
  async best(name: string): Promise<Importable | undefined> {
    return this.#own(name)[0] ?? (await this.#fromPackages(name))[0];
  }

  /** Names that the kernel itself knows to continue what is typed. */
  continuing(typed: string): Importable[] {
    const builtin = [...builtinExports().values()].flatMap(([first]) => first ?? []);
    return [...this.#local.all(), ...builtin].filter(({ name }) => continues(name, typed)).slice(0, maxOffered);
  }

  /** Names of packages that continue what is typed at the cursor of a draft in which nothing in scope does. */
  async packagedContinuing(typed: string, draft: Draft): Promise<Importable[]> {
    const position = { position: draft.position };
    const list = await this.server.askForImports<CompletionList>("textDocument/completion", draft.path, position);
    const items = (list?.items ?? []).filter((item) => continues(item.label, typed) && isFromPackage(item));
    return (await Promise.all(items.slice(0, maxOffered).map((item) => this.#resolved(item)))).flat();
  }

  #own(name: string): Importable[] {
    return [...this.#local.all().filter((each) => each.name === name), ...(builtinExports().get(name) ?? [])];
  }

  /** As a value, and if it is none, as a type. One name at a time, since all ask about one document. */
  #fromPackages(name: string): Promise<Importable[]> {
    const ask = () => this.#askPackages(name);
    const found = this.#last.then(ask, ask);
    this.#last = found;
    return found;
  }

  async #askPackages(name: string): Promise<Importable[]> {
    const typePrefix = "let _: ";
    this.server.setDocument(this.path, `${name};\n${typePrefix}${name};\nexport {};`);
    const values = await this.#actionsAt(0, 0, name);
    return values.length > 0 ? values : this.#actionsAt(1, typePrefix.length, name);
  }

  async #actionsAt(line: number, start: number, name: string): Promise<Importable[]> {
    const range = { start: { line, character: start }, end: { line, character: start + name.length } };
    const message = `Cannot find name '${name}'.`;
    const context = { diagnostics: [{ range, severity: 1, code: cannotFindName, message }], only: ["quickfix"] };
    const question = { range, context };
    const actions = await this.server.askForImports<CodeAction[]>("textDocument/codeAction", this.path, question);
    const edits = (actions ?? []).flatMap(({ edit }) => Object.values(edit?.changes ?? {}).flat());
    return edits.flatMap(({ newText }) => importIn(newText, name));
  }

  async #resolved(item: CompletionItem): Promise<Importable[]> {
    const { additionalTextEdits = [] } = (await this.server.resolve(item)) ?? {};
    const found = additionalTextEdits.flatMap(({ newText }) => importIn(newText, item.label));
    // The cell has an import from that module, and the edit puts the name into it.
    return found.length > 0 ? found : [importable(item.label, item.labelDetails!.description!)];
  }
}

function continues(name: string, typed: string): boolean {
  return name.toLowerCase().startsWith(typed.toLowerCase());
}

/** Types stand where an expression may begin, too, but none continues to one. */
function isFromPackage({ kind, labelDetails }: CompletionItem): boolean {
  return kind !== interfaceKind && labelDetails?.description !== undefined && isPackage(labelDetails.description);
}

/** Neither a file, which the kernel looks for itself, nor one of the generated modules. */
function isPackage(module: string): boolean {
  return !/^[./]|\.etude-/.test(module);
}

function importIn(text: string, name: string): Importable[] {
  const [statement, module] = text.match(/^import .+ from "([^"]+)";/) ?? [];
  return statement && module && isPackage(module) ? [{ name, module, statement }] : [];
}
