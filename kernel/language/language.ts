import { existsSync, readFileSync } from "node:fs";
import type { CompletionList, DocumentDiagnosticReport, Hover, SignatureHelp } from "vscode-languageserver-protocol";
import { Cells, type PlacedCell } from "./cells.js";
import { type Completion, toCompletion } from "./completion.js";
import { type Diagnostic, toDiagnostics } from "./diagnostics.js";
import { Draft } from "./draft.js";
import { ImportedFiles } from "./imported-files.js";
import { type Inspection, toInspection } from "./inspection.js";
import { libraryNames } from "./library-names.js";
import { Outliner } from "./outline.js";
import { Project } from "./project.js";
import { type ServerState, TypeScriptServer } from "./server.js";
import { hasJsx } from "./text.js";

export type { Completion, CompletionMatch } from "./completion.js";
export type { Diagnostic } from "./diagnostics.js";
export type { Inspection } from "./inspection.js";

export interface LanguageOptions {
  /** The notebook's folder, an absolute path: packages, local files and `tsconfig.json` are those of a module there. */
  readonly folder: string;
  /** Absolute path of the library's `index.d.ts`, each of whose exports is a global in cells. */
  readonly libraryTypes: string;
}

export interface Cell {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

/** Every declaration has one of these words; a cell without them leaves nothing to later cells. */
const declaring = /\b(?:const|let|var|using|function|class|interface|type|enum|namespace|module|import|export)\b/;

/**
 * What TypeScript knows about the cells of a session: completion, documentation and type errors, from a TypeScript 7
 * process of its own. Nothing here throws or blocks; where that process is not there, there are no typed answers.
 */
export class Language {
  readonly #server: TypeScriptServer;
  readonly #project: Project;
  readonly #outliner: Outliner;
  readonly #cells: Cells;
  readonly #imported: ImportedFiles;
  #implicitAny = false;
  #placed: PlacedCell | undefined;
  /** The user's `tsconfig.json` as TypeScript has it; null before it has any. */
  #userConfigText: string | undefined | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: LanguageOptions) {
    this.#project = new Project(options.folder, options.libraryTypes);
    this.#server = new TypeScriptServer(
      options.folder,
      () => this.#prepareStart(),
      () => this.#warmUp(),
    );
    for (const [path, text] of this.#project.packageDeclaration()) this.#server.setDocument(path, text);
    this.#outliner = new Outliner(this.#server, this.#project.outlineFolder);
    this.#cells = new Cells(this.#server, this.#project);
    this.#imported = new ImportedFiles(options.folder);
    this.#prepareStart();
  }

  /** Of the TypeScript process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#server.pid;
  }

  get state(): ServerState {
    return this.#server.state;
  }

  /** Why there are no typed answers in the state `"absent"`, as a sentence. */
  get reason(): string | undefined {
    return this.#server.reason;
  }

  /** Starts TypeScript; what goes wrong shows in `state` and `reason`. */
  start(): void {
    this.#server.start();
  }

  /** Waits until TypeScript is ready (true) or given up (false). */
  available(): Promise<boolean> {
    return this.#server.available();
  }

  /**
   * What may stand at the cursor.
   * @param cursor - UTF-16 offset.
   * @returns Undefined while there is no typed answer.
   */
  async complete(code: string, cursor: number): Promise<Completion | undefined> {
    const afterDot = /\.[\p{ID_Continue}$]*$/u.test(code.slice(0, cursor));
    const draft = await this.#draft(code, cursor, afterDot ? "mentioned" : "all");
    const list = draft && (await this.#atCursor<CompletionList>("textDocument/completion", draft));
    return list && toCompletion(list, draft, (name) => (afterDot ? undefined : this.#cells.scope.kindOf(name)));
  }

  /**
   * The type and documentation of what is at the cursor, or the signatures of the call whose parentheses are around it.
   * @param cursor - UTF-16 offset.
   * @param detail - 1 adds the signatures to what is at the cursor.
   */
  async inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined> {
    const draft = await this.#draft(code, cursor, "mentioned");
    if (draft === undefined) return undefined;
    const hover = await this.#atCursor<Hover>("textDocument/hover", draft);
    const inspection = toInspection(hover, undefined);
    if (inspection && detail === 0) return inspection;
    return toInspection(hover, await this.#atCursor<SignatureHelp>("textDocument/signatureHelp", draft));
  }

  /** The type errors of a cell, with what earlier cells defined; none while there is no typed answer. */
  check(cell: Cell): Promise<Diagnostic[]> {
    if (this.state === "restarting") return Promise.resolve([]);
    return this.#inOrder(async () => {
      const placed = await this.#place(cell.code);
      if (placed === undefined) return [];
      const path = placed.module.path;
      const report = await this.#server.ask<DocumentDiagnosticReport>("textDocument/diagnostic", path);
      const found = report?.kind === "full" ? report.items : [];
      const kindOf = (name: string) => this.#cells.scope.kindOf(name);
      return toDiagnostics(found, cell.code, { kindOf, implicitAny: this.#implicitAny });
    });
  }

  /** Makes what the cell declares the newest definitions, for the cells that come after it. */
  commit(cell: Cell): void {
    if (!declaring.test(cell.code)) return;
    this.#inOrder(async () => {
      const placed = this.#placed?.code === cell.code ? this.#placed : await this.#place(cell.code);
      if (placed) this.#cells.define(placed);
      this.#placed = undefined;
    });
  }

  /** Ends the TypeScript process and resolves when it is gone. */
  async dispose(): Promise<void> {
    await this.#server.dispose();
  }

  /** Checks and commits take turns, since each cell sees what the one before it defined. */
  #inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work);
    this.#last = result;
    return result;
  }

  async #place(code: string): Promise<PlacedCell | undefined> {
    const outline = (await this.#server.available()) ? await this.#outliner.of(code) : undefined;
    if (outline === undefined) return undefined;
    this.#takeInDisk(code);
    this.#placed = this.#cells.place(code, outline);
    return this.#placed;
  }

  async #draft(code: string, cursor: number, names: "mentioned" | "all"): Promise<Draft | undefined> {
    const outline = this.state === "ready" ? await this.#outliner.of(code) : undefined;
    if (outline === undefined) return undefined;
    const { scope } = this.#cells;
    const imported = names === "all" ? scope.allExcept(outline.names) : scope.mentionedIn(code, outline.names);
    const path = this.#project.modulePath("draft", hasJsx(code) ? "tsx" : "ts");
    const draft = new Draft(path, scope.importLine(imported), code, cursor);
    this.#server.setDocument(path, draft.text);
    return draft;
  }

  #atCursor<Answer>(method: string, draft: Draft): Promise<Answer | undefined> {
    return this.#server.ask(method, draft.path, { position: draft.position });
  }

  /** The first question loads the program; what it asks is which names the library has. */
  async #warmUp(): Promise<void> {
    this.#userConfigText = null;
    this.#writeConfigs();
    const path = this.#project.modulePath("draft", "ts");
    for (const [name, kind] of await libraryNames(this.#server, path)) {
      if (!this.#cells.scope.has(name)) this.#cells.scope.define(name, { module: "library", exported: name, kind });
    }
  }

  /** Takes away code that nobody ran, which must not end the next process as well, and lets files open fast. */
  #prepareStart(): void {
    this.#server.setDocument(this.#project.userConfig, this.#project.emptyConfig);
    this.#placed = undefined;
    for (const extension of ["ts", "tsx"] as const) {
      this.#server.setDocument(this.#project.modulePath("draft", extension), this.#cells.scope.importLine([]));
    }
    this.#cells.clearFree();
  }

  /** Files that changed since the last cell, the user's configuration among them. */
  #takeInDisk(code: string): void {
    this.#writeConfigs();
    const changes = this.#imported.changesBefore(code);
    if (changes.length > 0) this.#server.filesChanged(changes);
  }

  #writeConfigs(): void {
    const { userConfig } = this.#project;
    const text = existsSync(userConfig) ? readFileSync(userConfig, "utf8") : undefined;
    if (text === this.#userConfigText) return;
    this.#userConfigText = text;
    this.#implicitAny = /"(?:strict|noImplicitAny)"\s*:\s*true/.test(text ?? "");
    for (const [path, content] of this.#project.configs(text)) this.#server.setDocument(path, content);
  }
}
