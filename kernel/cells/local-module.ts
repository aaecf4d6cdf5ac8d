import type * as acorn from "acorn";
import { type ImportStatement, isImport, textOf } from "./import-text.js";
import { read } from "./read.js";
import { namesOf, type Reading } from "./reading.js";
import type { CompilerSettings } from "./settings.js";
import type { Step } from "./trace.js";
import { transform } from "./transform.js";
import type { Language } from "./transformed.js";

/** A file of the user as JavaScript. */
export interface LocalModule {
  readonly path: string;
  readonly source: string;
  readonly code: string;
  readonly reading: Reading;
  readonly steps: () => readonly Step[];
  readonly isCommonJs: boolean;
  readonly imports: readonly ImportStatement[];
  readonly specifiers: readonly string[];
  /** The names of its exports, without those of `export * from`. */
  readonly exports: readonly string[];
  readonly starExports: readonly string[];
}

const commonJsNames = new Set(["require", "module", "exports", "__filename", "__dirname"]);

/** @throws CellSyntaxError if the text is not TypeScript. */
export function readLocalModule(path: string, source: string, settings: CompilerSettings): LocalModule {
  const { code, program, steps } = transform(source, path, { languages: languagesOf(path), settings, isCell: false });
  const reading = read(program);
  const imports = program.body.filter(isImport);
  return {
    path,
    source,
    code,
    reading,
    steps,
    isCommonJs: isCommonJs(path, program, reading),
    imports,
    specifiers: imports.map(specifierOf),
    exports: program.body.flatMap(exportedNames),
    starExports: imports
      .filter((statement) => statement.type === "ExportAllDeclaration" && !statement.exported)
      .map(specifierOf),
  };
}

export function specifierOf({ source }: ImportStatement): string {
  return String(source.value);
}

function languagesOf(path: string): Language[] {
  if (/\.[cm]?ts$/.test(path)) return ["ts"];
  return [path.endsWith(".tsx") ? "tsx" : "jsx"];
}

/** By extension, and where that leaves it open by what the text uses, as a notebook's folder may have no package.json. */
function isCommonJs(path: string, { body }: acorn.Program, { awaitsAtTop, metas, references }: Reading): boolean {
  if (path.endsWith(".cjs")) return true;
  const isModule = awaitsAtTop || metas.length > 0 || body.some(({ type }) => /^(Import|Export)/.test(type));
  if (isModule || /\.m[jt]s$/.test(path)) return false;
  return path.endsWith(".cts") || references.some(({ node }) => commonJsNames.has(node.name));
}

function exportedNames(statement: acorn.Program["body"][number]): string[] {
  switch (statement.type) {
    case "ExportDefaultDeclaration":
      return ["default"];
    case "ExportAllDeclaration":
      return statement.exported ? [textOf(statement.exported)] : [];
    case "ExportNamedDeclaration": {
      const { declaration, specifiers } = statement;
      if (!declaration) return specifiers.map(({ exported }) => textOf(exported));
      if (declaration.type === "VariableDeclaration") return declaration.declarations.flatMap(({ id }) => namesOf(id));
      return [declaration.id.name];
    }
    default:
      return [];
  }
}
