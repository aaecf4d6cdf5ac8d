import type { CompletionList, SemanticTokens } from "vscode-languageserver-protocol";
import type { DeclarationKind } from "./outline.js";
import { hubImport } from "./project.js";
import type { TypeScriptServer } from "./server.js";
import { LineMap } from "./text.js";

const keyword = 14;

/** TypeScript's token types that say more than "a value that cannot be written to". */
const kinds: Readonly<Record<string, DeclarationKind>> = {
  function: "function",
  class: "class",
  interface: "interface",
  enum: "enum",
  namespace: "namespace",
  type: "type",
};

/** Every export of the library, asked as what may follow `library.` where a value stands and where a type does. */
export async function libraryNames(server: TypeScriptServer, path: string): Promise<Map<string, DeclarationKind>> {
  const values = await namesAfter("$etude.library.", server, path);
  const types = await namesAfter("let _: $etude.library.", server, path);
  const uses = [
    ...values.map((name) => `$etude.library.${name};`),
    ...types.filter((name) => !values.includes(name)).map((name) => `let _: $etude.library.${name};`),
  ];
  server.setDocument(path, [hubImport, ...uses].join("\n"));
  const tokens = await server.ask<SemanticTokens>("textDocument/semanticTokens/full", path);
  const lastOnLine = tokens ? lastTokens(tokens.data, server.tokenTypes) : [];
  const names = [...new Set([...values, ...types])];
  return new Map(names.map((name, index) => [name, kinds[lastOnLine[index + 1] ?? ""] ?? "const"]));
}

async function namesAfter(place: string, server: TypeScriptServer, path: string): Promise<string[]> {
  const text = `${hubImport}\n${place}`;
  server.setDocument(path, text);
  const position = new LineMap(text).positionAt(text.length);
  const list = await server.ask<CompletionList>("textDocument/completion", path, { position });
  return (list?.items ?? []).filter(({ kind }) => kind !== keyword).map(({ label }) => label);
}

/** The type of the last token on each line; five numbers a token, the first the lines since the token before. */
function lastTokens(data: readonly number[], types: readonly string[]): (string | undefined)[] {
  const last: (string | undefined)[] = [];
  let line = 0;
  for (let index = 0; index < data.length; index += 5) {
    line += data[index]!;
    last[line] = types[data[index + 3]!];
  }
  return last;
}
