import type * as acorn from "acorn";
import MagicString from "magic-string";
import { importText, isImport } from "./import-text.js";
import { mergedParts } from "./merged-parts.js";
import { read } from "./read.js";
import { type DeclarationKind, namesOf, type Reading, type Reference } from "./reading.js";
import { resultOf } from "./result.js";
import { declarationOf, type TopLevel } from "./statements.js";

export interface RewriteOptions {
  readonly program: acorn.Program;
  /** Whether the transform made up a name, so that it belongs to the cell alone. */
  isGenerated(name: string): boolean;
  /** Whether the session has a name as a const. */
  isConst(name: string): boolean;
  /** The name of the runtime in the cell's function, and the start of every other name that is made up here. */
  readonly runtime: string;
}

export interface Rewritten {
  readonly text: MagicString;
  readonly declares: ReadonlyMap<string, DeclarationKind>;
  readonly free: ReadonlySet<string>;
  /** The consts that the cell writes to. */
  readonly writtenConsts: ReadonlySet<string>;
  readonly awaits: boolean;
  readonly hasResult: boolean;
}

/**
 * Turns a parsed cell into the body of a function. What it declares at the top level becomes assignments to slots of
 * the session, functions and imports come first, and the value of the last expression is returned, in an array so that
 * a promise stays one. A write to a const becomes a write to a const of the function, which V8 refuses in its own words.
 */
export function rewrite(code: string, options: RewriteOptions): Rewritten {
  return new Rewriter(code, options).rewrite();
}

class Rewriter {
  readonly #text: MagicString;
  readonly #reading: Reading;
  readonly #declares = new Map<string, DeclarationKind>();
  readonly #free = new Set<string>();
  readonly #writtenConsts = new Set<string>();
  #result: TopLevel | null = null;
  #generations = 0;

  constructor(
    readonly code: string,
    readonly options: RewriteOptions,
  ) {
    this.#text = new MagicString(code);
    this.#reading = read(options.program);
  }

  rewrite(): Rewritten {
    const { declared, awaits, forAwaits, tries, imports, metas, references, vars, awaitsAtTop } = this.#reading;
    const { program, isGenerated, runtime } = this.options;
    for (const [name, kind] of declared) if (!isGenerated(name)) this.#declares.set(name, kind);
    const parts = mergedParts(program.body);
    for (const [name, kind] of parts.kinds) if (this.#declares.has(name)) this.#declares.set(name, kind);
    for (const { start, left } of parts.toReset) this.#text.remove(start, this.code.indexOf("||", left.end) + 2);
    this.#result = resultOf(program.body, parts, isGenerated);

    if (this.code.startsWith("#!")) this.#text.remove(0, this.code.indexOf("\n") + 1 || this.code.length);
    for (const node of awaits) this.#checkAfter(node);
    for (const { loop, statement } of forAwaits) this.#checkEach(loop, statement);
    for (const node of tries) this.#checkCatch(node);
    for (const node of imports) this.#importCall(node);
    for (const node of metas) this.#text.update(node.start, node.end, `${runtime}.meta`);
    for (const reference of references) this.#reference(reference);
    const statements = new Set<acorn.AnyNode>(program.body.map(declarationOf));
    for (const { node, isHead } of vars) {
      if (!statements.has(node)) this.#variables(node, isHead ? "head" : "nested");
    }
    for (const statement of program.body) this.#statement(statement);
    if (this.#result) this.#wrapExpression(this.#result, "return [(", ")];");
    this.#hoist(program.body);
    return {
      text: this.#text,
      declares: this.#declares,
      free: this.#free,
      writtenConsts: this.#writtenConsts,
      awaits: awaitsAtTop || program.body.some(isImport),
      hasResult: this.#result !== null,
    };
  }

  /** `await x`: the generation is taken before, and compared after. */
  #checkAfter(node: acorn.AwaitExpression): void {
    const { runtime } = this.options;
    this.#text.appendRight(node.start, `${runtime}.resume(${runtime}.generation(),`);
    this.#text.prependLeft(node.end, ")");
  }

  /** `for await`: compared at the start of each turn. */
  #checkEach({ body }: acorn.ForOfStatement, statement: acorn.Statement): void {
    const check = this.#generationAround(statement);
    if (body.type === "BlockStatement") {
      this.#text.appendRight(body.start + 1, check);
    } else {
      this.#text.prependRight(body.start, `{${check}`);
      this.#text.appendLeft(body.end, "}");
    }
  }

  /** A `catch` must not swallow the interrupt that ended an `await`, nor go on after one. */
  #checkCatch(node: acorn.TryStatement): void {
    this.#text.appendRight(node.handler!.body.start + 1, this.#generationAround(node));
  }

  /** Takes the generation before a statement; gives the code that compares. */
  #generationAround({ start, end }: acorn.Statement): string {
    const { runtime } = this.options;
    const generation = `${runtime}${++this.#generations}`;
    this.#text.prependRight(start, `{const ${generation}=${runtime}.generation();`);
    this.#text.appendLeft(end, "}");
    return `${runtime}.resume(${generation});`;
  }

  #importCall({ start, options }: acorn.ImportExpression): void {
    this.#text.update(start, start + "import".length, `${this.options.runtime}.import`);
    if (!options) return;
    this.#text.prependRight(options.start, "(");
    this.#text.appendLeft(options.end, ")?.with");
  }

  #reference({ node, isWrite, update, isShorthand }: Reference): void {
    const { name } = node;
    const isDeclared = this.#reading.declared.has(name);
    if (!isDeclared) this.#free.add(name);
    const kind = this.#declares.get(name);
    const isConst = isDeclared ? kind === "const" || kind === "import" : this.options.isConst(name);
    if (!isWrite || !isConst) return;
    this.#writtenConsts.add(name);
    this.#refuse(node, update, isShorthand === true);
  }

  /** V8 names the operator in such an error: it stays where it was. */
  #refuse(node: acorn.Identifier, update: Reference["update"], isShorthand: boolean): void {
    const { name } = node;
    const refused = constName(this.options.runtime, name);
    if (!update) {
      this.#text.update(node.start, node.end, isShorthand ? `${name}:${refused}` : refused);
      return;
    }
    const { start, end, operator } = update;
    const at = this.code.indexOf(operator, update.type === "UpdateExpression" && update.prefix ? start : node.end);
    if (update.type === "UpdateExpression") {
      this.#text.prependRight(start, "(");
      this.#text.appendLeft(end, ")");
      this.#text.update(node.start, node.end, update.prefix ? `${refused}=${name}` : refused);
      this.#text.update(at, at + operator.length, update.prefix ? " " : `=${name}`);
      return;
    }
    const binary = operator.slice(0, -1);
    const isLogical = ["||", "&&", "??"].includes(binary);
    if (!isLogical) this.#text.update(node.start, node.end, refused);
    this.#text.update(at, at + operator.length, isLogical ? `${binary}(${refused}=` : `=${name}${binary}(`);
    this.#text.appendLeft(update.right.end, ")");
  }

  #statement(statement: TopLevel): void {
    if (isImport(statement)) {
      const local = (name: string) => (this.options.isGenerated(name) ? `const ${name}` : name);
      this.#text.update(statement.start, statement.end, importText(statement, this.options.runtime, local));
    } else if (statement.type === "ExportNamedDeclaration") {
      const { declaration, start, end } = statement;
      this.#text.remove(start, declaration ? declaration.start : end);
      if (declaration) this.#declaration(declaration);
    } else if (statement.type === "ExportDefaultDeclaration") {
      const { declaration, start } = statement;
      this.#text.update(start, start + "export default".length, " ");
      if ((declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration") && declaration.id) {
        this.#declaration(declaration as acorn.Declaration);
      } else if (statement !== this.#result) {
        this.#wrapExpression(statement, "(", ");");
      }
    } else {
      this.#declaration(statement);
    }
  }

  #declaration(node: acorn.Statement | acorn.ModuleDeclaration): void {
    if (node.type === "VariableDeclaration") {
      this.#variables(node, "statement");
    } else if (node.type === "FunctionDeclaration" && this.#declares.has(node.id.name)) {
      const start = `${node.id.name}=${node.async ? "async " : ""}function${node.generator ? "*" : ""}`;
      this.#text.update(node.start, node.id.end, start);
      this.#text.appendLeft(node.end, ";");
    } else if (node.type === "ClassDeclaration" && this.#declares.has(node.id.name)) {
      const { name, end } = node.id;
      const base = node.superClass ? this.code.indexOf("extends", end) + "extends ".length : null;
      if (base === null) this.#text.prependRight(node.start, `${name}=`);
      else this.#startAt(node.start, base, `${name}=class ${name} extends `);
      this.#text.appendLeft(node.end, ";");
    }
  }

  /** A declaration of slots becomes an assignment. */
  #variables(node: acorn.VariableDeclaration, place: "statement" | "nested" | "head"): void {
    const { start, end, kind, declarations } = node;
    if (declarations.every(({ id }) => namesOf(id).every(this.options.isGenerated))) return;
    const elements = place === "statement" && declarations.length === 1 ? plainElements(declarations[0]!.id) : null;
    if (elements) {
      // V8 says more about an array that is none in a declaration.
      const local = ({ name }: acorn.Identifier) => `${this.options.runtime}_${name}_`;
      for (const element of elements) this.#text.update(element.start, element.end, local(element));
      this.#text.appendLeft(end, elements.map((element) => `${element.name}=${local(element)};`).join(""));
      return;
    }
    let from = start;
    for (const { id, init, end } of declarations) {
      const separator = from === start ? "" : place === "statement" ? ";" : ",";
      if (id.type === "Identifier" && init) {
        const equals = this.code.indexOf("=", id.end);
        this.#startAt(
          from,
          equals + 1 + /^\s*/.exec(this.code.slice(equals + 1))![0].length,
          `${separator}${id.name}=`,
        );
      } else {
        if (from < id.start) this.#text.update(from, id.start, separator);
        if (!init && kind !== "var") this.#text.appendLeft(end, "=void 0");
        if (id.type === "ObjectPattern" && init) {
          this.#text.prependRight(id.start, "(");
          this.#text.appendLeft(end, ")");
        }
      }
      from = end;
    }
  }

  /**
   * Puts `text` for what stands from `start` to `end`. V8 blames the start of a statement where it has nothing better;
   * in a declaration that is the value. A new line, as code at the start of a line has the place of what follows.
   */
  #startAt(start: number, end: number, text: string): void {
    this.#text.remove(start, end);
    this.#text.prependRight(end, `\n${text}`);
  }

  #wrapExpression({ start, end }: TopLevel, before: string, after: string): void {
    this.#text.prependRight(start, before);
    if (this.code[end - 1] === ";") this.#text.update(end - 1, end, after);
    else this.#text.appendLeft(end, after);
  }

  #hoist(body: readonly TopLevel[]): void {
    const isFirst = (statement: TopLevel) => isImport(statement) || isFunction(statement);
    const anchor = body.findIndex((statement) => !isFirst(statement));
    if (anchor < 0) return;
    for (const statement of body.slice(anchor).filter(isFirst)) {
      this.#text.move(statement.start, statement.end, body[anchor]!.start);
    }
  }
}

/** The const that stands for a name of the session where the cell writes to it. */
export function constName(runtime: string, name: string): string {
  return `${runtime}_${name}`;
}

function isFunction(statement: TopLevel): boolean {
  const declaration = declarationOf(statement);
  return declaration.type === "FunctionDeclaration" && declaration.id !== null;
}

/** The names of a pattern such as `[a, , ...b]`; null if it is not that simple. */
function plainElements(pattern: acorn.Pattern): acorn.Identifier[] | null {
  if (pattern.type !== "ArrayPattern") return null;
  const names = pattern.elements
    .filter((element) => element !== null)
    .map((element) => (element.type === "RestElement" ? element.argument : element));
  return names.every((name) => name.type === "Identifier") ? names : null;
}
