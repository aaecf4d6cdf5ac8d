import type { CompletionList } from "vscode-languageserver-protocol";
import type { DeclarationKind } from "./outline.js";
import { hubImport } from "./project.js";
import type { TypeScriptServer } from "./server.js";
import { LineMap } from "./text.js";

/** LSP's completion kinds that say more than "a value that cannot be written to". */
const kinds: Readonly<Record<number, DeclarationKind>> = {
  3: "function",
  7: "class",
  8: "interface",
  9: "namespace",
  13: "enum",
};

const keyword = 14;

/** Every export of the library, asked as what may follow `library.`: once where a value stands, once where a type does. */
export async function libraryNames(server: TypeScriptServer, path: string): Promise<Map<string, DeclarationKind>> {
  const names = new Map<string, DeclarationKind>();
  for (const place of ["$s.library.", "let a: $s.library."]) {
    const text = `${hubImport}\n${place}`;
    server.setDocument(path, text);
    const position = new LineMap(text).positionAt(text.length);
    const list = await server.ask<CompletionList>("textDocument/completion", path, { position });
    for (const { label, kind } of list?.items ?? []) {
      if (kind !== keyword && !names.has(label)) names.set(label, kinds[kind ?? 0] ?? "const");
    }
  }
  return names;
}
