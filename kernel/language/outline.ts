import { join } from "node:path";
import type { DocumentSymbol, Position, SelectionRange } from "vscode-languageserver-protocol";
import type { TypeScriptServer } from "./server.js";
import { hasJsx, isIdentifier, LineMap } from "./text.js";

export type DeclarationKind =
  | "const"
  | "let"
  | "function"
  | "class"
  | "enum"
  | "namespace"
  | "interface"
  | "type"
  | "import";

/** What a cell declares at its top level. */
export interface Outline {
  /** Name to kind; `var` and `using` count as `let` and `const`. */
  readonly names: ReadonlyMap<string, DeclarationKind>;
  /** The cell adds to the global scope or to a module, which counts as long as the session. */
  readonly augments: boolean;
}

/** Syntax alone needs no library: a project of its own answers in a millisecond, however large the session is. */
const config = { compilerOptions: { noLib: true, noResolve: true, types: [], noEmit: true } };

/** Asks TypeScript which names a text declares, without touching the program of the session. */
export class Outliner {
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly server: TypeScriptServer,
    readonly folder: string,
  ) {
    const files = ["outline.ts", "outline.tsx"];
    server.setDocument(join(folder, "tsconfig.json"), JSON.stringify({ ...config, files }));
    for (const file of files) server.setDocument(join(folder, file), "");
  }

  /** Undefined when the server has no answer. One text at a time, since both questions are about the same document. */
  of(code: string): Promise<Outline | undefined> {
    return this.#inOrder(() => this.#ask(code));
  }

  /** Whether a top-level statement begins at a UTF-16 offset. */
  beginsStatement(code: string, offset: number): Promise<boolean> {
    return this.#inOrder(async () => {
      const lines = new LineMap(code);
      const chains = await this.#chains(this.#write(code), [lines.positionAt(offset)]);
      const statement = nodesAround(chains?.[0], lines).at(-1);
      if (statement === undefined || lines.offsetAt(statement.range.start) !== offset) return false;
      // A block that is never closed reaches to the end; cut off here, it would hold what we write below the code.
      const above = `;${code.slice(0, offset)}`;
      const below = [new LineMap(`${above}\n`).positionAt(above.length + 1)];
      const [outside] = (await this.#chains(this.#write(above), below)) ?? [];
      return outside !== undefined && outside.parent?.parent === undefined;
    });
  }

  #inOrder<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#last.then(ask, ask);
    this.#last = answer;
    return answer;
  }

  /** One ends the last statement, one keeps it from the end of the file. */
  #write(code: string): string {
    const path = join(this.folder, hasJsx(code) ? "outline.tsx" : "outline.ts");
    this.server.setDocument(path, `${code}\n;;`);
    return path;
  }

  #chains(path: string, positions: readonly Position[]): Promise<SelectionRange[] | undefined> {
    return this.server.ask("textDocument/selectionRange", path, { positions });
  }

  async #ask(code: string): Promise<Outline | undefined> {
    const path = this.#write(code);
    const symbols = await this.server.ask<DocumentSymbol[]>("textDocument/documentSymbol", path);
    if (symbols === undefined) return undefined;
    const positions = symbols.map((symbol) => symbol.selectionRange.start);
    const chains = await this.#chains(path, positions);
    if (chains === undefined) return undefined;
    const lines = new LineMap(code);
    const names = new Map<string, DeclarationKind>();
    let augments = false;
    symbols.forEach(({ name, kind }, index) => {
      if (name === "global" || /^["']/.test(name)) augments = true;
      const declared = declarationKind(
        nodesAround(chains[index], lines).map((node) => startOf(node, lines)),
        kind,
      );
      const identifier = name.split(".")[0]!; // of `namespace A.B`
      if (declared && isIdentifier(identifier) && !names.has(identifier)) names.set(identifier, declared);
    });
    return { names, augments };
  }
}

/** The nodes around a place, from the inside out, ending with its top-level statement. */
function nodesAround(chain: SelectionRange | undefined, lines: LineMap): SelectionRange[] {
  const nodes: SelectionRange[] = [];
  const end = lines.positionAt(lines.text.length).line + 1;
  const isWithin = ({ line, character }: Position) => line < end || (line === end && character <= 1);
  for (let node = chain; node && isWithin(node.range.end); node = node.parent) nodes.push(node);
  return nodes;
}

function startOf({ range }: SelectionRange, lines: LineMap): string {
  const start = lines.offsetAt(range.start);
  return lines.text.slice(start, start + 200);
}

/** Symbol kinds of the protocol. Type aliases come as classes, everything that holds a value as variables. */
const variable = 13;
const kindsBySymbol: Readonly<Record<number, DeclarationKind>> = {
  3: "namespace",
  5: "class",
  10: "enum",
  11: "interface",
  12: "function",
};
const kindsByKeyword: Readonly<Record<string, DeclarationKind>> = {
  const: "const",
  using: "const",
  let: "let",
  var: "let",
  import: "import",
};

/** How the cell as a whole declares a name, if it does and not just a block of it. */
function declarationKind(nodes: readonly string[], symbolKind: number): DeclarationKind | undefined {
  const statement = nodes.at(-1);
  if (statement === undefined) return undefined;
  if (symbolKind !== variable) {
    const isStatement = nodes.length === 2; // the name and its declaration
    const isAlias = /^(?:(?:export|declare)\s+)*type\s/.test(statement);
    return isStatement ? (isAlias ? "type" : kindsBySymbol[symbolKind]) : undefined;
  }
  const keyword = statement.match(/^(?:(?:export|declare|await)\s+)*(const|using|let|var|import)\b/)?.[1];
  if (keyword !== undefined) return kindsByKeyword[keyword];
  const inner = nodes.find((text) => /^(?:var|let|const|using)\b/.test(text));
  return inner?.startsWith("var") ? "let" : undefined;
}
