import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import * as acorn from "acorn";
import { type CompilerSettings, defaultSettings } from "./settings.js";
import { syntaxErrorAt } from "./syntax-error.js";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Gives what the `tsconfig.json` of a folder says; it is read again when it was edited. */
export function settingsReader(folder: string): () => CompilerSettings {
  const path = join(folder, "tsconfig.json");
  let editedMs: number | undefined;
  let settings = defaultSettings;
  return () => {
    const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (mtimeMs === editedMs) return settings;
    settings = mtimeMs === undefined ? defaultSettings : settingsOf(compilerOptions(path, new Set()));
    editedMs = mtimeMs;
    return settings;
  };
}

function settingsOf(options: Readonly<Record<string, Json>>): CompilerSettings {
  const text = (name: string, otherwise: string) => (typeof options[name] === "string" ? options[name] : otherwise);
  const { jsx } = defaultSettings;
  return {
    jsx: {
      runtime: text("jsx", "react").startsWith("react-jsx") ? "automatic" : "classic",
      importSource: text("jsxImportSource", jsx.importSource),
      factory: text("jsxFactory", jsx.factory),
      fragmentFactory: text("jsxFragmentFactory", jsx.fragmentFactory),
    },
    experimentalDecorators: options.experimentalDecorators === true,
    emitDecoratorMetadata: options.emitDecoratorMetadata === true,
  };
}

/** The `compilerOptions` of a file, over those of the files that it extends. */
function compilerOptions(path: string, seen: Set<string>): Record<string, Json> {
  if (seen.has(path)) return {};
  seen.add(path);
  const config = asObject(parseJsonc(readFileSync(path, "utf8"), path));
  const bases = [config.extends ?? []].flat().filter((base) => typeof base === "string");
  const inherited = bases.map((base) => compilerOptions(pathOfBase(base, path), seen));
  return Object.assign({}, ...inherited, asObject(config.compilerOptions ?? {}));
}

function pathOfBase(base: string, path: string): string {
  if (!/^\.{0,2}\//.test(base)) return createRequire(path).resolve(base);
  const file = resolve(dirname(path), base);
  return file.endsWith(".json") ? file : `${file}.json`;
}

function asObject(value: Json): { readonly [key: string]: Json } {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as { [key: string]: Json }) : {};
}

/** JSON with comments and trailing commas, which to a JavaScript parser is an expression. */
function parseJsonc(text: string, path: string): Json {
  try {
    return jsonOf(acorn.parseExpressionAt(text.replace(/^\uFEFF/, " "), 0, { ecmaVersion: "latest" }));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { pos = 0 } = error as SyntaxError & { pos?: number };
    throw syntaxErrorAt(text, path, pos, error.message.replace(/ \(\d+:\d+\)$/, ""));
  }
}

function jsonOf(node: acorn.Expression): Json {
  switch (node.type) {
    case "ObjectExpression":
      return Object.fromEntries(node.properties.flatMap((property) => entryOf(property)));
    case "ArrayExpression":
      return node.elements.map((element) => (element && element.type !== "SpreadElement" ? jsonOf(element) : null));
    case "Literal":
      return node.value as Json;
    default:
      throw Object.assign(new SyntaxError("Unexpected expression"), { pos: node.start });
  }
}

function entryOf(property: acorn.Property | acorn.SpreadElement): [string, Json][] {
  if (property.type === "SpreadElement") return [];
  const { key, value } = property;
  return [[key.type === "Identifier" ? key.name : String((key as acorn.Literal).value), jsonOf(value)]];
}
