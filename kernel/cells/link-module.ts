import type * as acorn from "acorn";
import MagicString from "magic-string";
import { type ImportStatement, textOf } from "./import-text.js";
import { type LocalModule, specifierOf } from "./local-module.js";

/** Where a module finds, by the path of its file, what `import()`, `import.meta` and `require` are in it. */
export const scopeName = "etude.moduleScope";

export interface Links {
  /** The URL of the module that a specifier means. */
  urlOf(specifier: string): string;
  /** Whether that module surely lacks a name, which must then be that of a type. */
  isMissing(specifier: string, name: string): boolean;
}

/** The code of a module, with its imports pointed at other modules and itself unaware that it runs elsewhere. */
export function linkModule(module: LocalModule, { urlOf, isMissing }: Links): MagicString {
  const { path, source, code, reading, imports } = module;
  const text = new MagicString(code);
  for (const statement of imports) {
    const specifier = specifierOf(statement);
    text.update(statement.source.start, statement.end, `${JSON.stringify(urlOf(specifier))};`);
    if (statement.type === "ExportNamedDeclaration") {
      keepSpecifiers(text, statement, (name) => !isMissing(specifier, name));
    }
  }
  let scope = "$etude";
  while (source.includes(scope)) scope += "$";
  for (const { start } of reading.imports) text.update(start, start + "import".length, `${scope}.import`);
  for (const { start, end } of reading.metas) text.update(start, end, `${scope}.meta`);
  const usesRequire =
    reading.references.some(({ node }) => node.name === "require") && !reading.declared.has("require");
  if (usesRequire || reading.imports.length + reading.metas.length > 0) {
    const require = usesRequire ? `const require=${scope}.require;` : "";
    const lookUp = `globalThis[Symbol.for(${JSON.stringify(scopeName)})](${JSON.stringify(path)})`;
    text.prepend(`const ${scope}=${lookUp};${require}`);
  }
  return text;
}

function keepSpecifiers(
  text: MagicString,
  { specifiers }: Extract<ImportStatement, acorn.ExportNamedDeclaration>,
  isKept: (name: string) => boolean,
): void {
  const kept = specifiers.filter(({ local }) => isKept(textOf(local)));
  if (kept.length === specifiers.length) return;
  const names = kept.map(({ start, end }) => text.original.slice(start, end)).join(",");
  text.update(specifiers[0]!.start, specifiers.at(-1)!.end, names || " ");
}
