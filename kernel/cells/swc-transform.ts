import { createRequire } from "node:module";
import type * as Swc from "@swc/core";
import MagicString from "magic-string";
import type * as OxcParser from "oxc-parser";
import { makeStep, stepOf } from "./trace.js";
import type { Language, Transformed, TransformOptions } from "./transformed.js";

const require = createRequire(import.meta.url);

/** The way through swc, which takes 40 ms to load and therefore waits for the first text that needs it. */
export function transformWithSwc(
  source: string,
  language: Language,
  options: TransformOptions,
): Pick<Transformed, "code" | "steps"> {
  const prepared =
    options.isCell && !options.settings.experimentalDecorators
      ? withClassesAsLet(source, language)
      : new MagicString(source);
  const text = prepared.toString();
  const { code } = runSwc(text, language, options, false);
  const steps = () => {
    const { map } = runSwc(text, language, options, true);
    return [makeStep(text, code, map), stepOf(prepared)];
  };
  return { code, steps };
}

function runSwc(source: string, language: Language, { settings, isCell }: TransformOptions, sourceMaps: boolean) {
  const { transformSync } = require("@swc/core") as typeof Swc;
  const { runtime, importSource, factory, fragmentFactory } = settings.jsx;
  return transformSync(source, {
    filename: "cell",
    configFile: false,
    swcrc: false,
    isModule: true,
    sourceMaps,
    env: { targets: { node: "20" } },
    jsc: {
      parser:
        language === "jsx"
          ? { syntax: "ecmascript", jsx: true, decorators: true }
          : { syntax: "typescript", tsx: language === "tsx", decorators: true },
      transform: {
        ...(settings.experimentalDecorators
          ? { legacyDecorator: true, decoratorMetadata: settings.emitDecoratorMetadata }
          : { decoratorVersion: "2023-11" }),
        verbatimModuleSyntax: isCell,
        react: { runtime, importSource, pragma: factory, pragmaFrag: fragmentFactory },
      },
    },
  });
}

/**
 * `@d class A {}` becomes `let A = @d class A {}` at the top level: of the declaration swc makes a class that only the
 * same text can name, of the expression one that is assigned to `A`.
 */
function withClassesAsLet(source: string, language: Language): MagicString {
  const { parseSync } = require("oxc-parser") as typeof OxcParser;
  const { program } = parseSync(`cell.${language}`, source, { sourceType: "module" });
  const text = new MagicString(source);
  for (const statement of program.body) {
    const isExport = statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
    const declared = isExport ? statement.declaration : statement;
    if (declared?.type !== "ClassDeclaration" || !declared.id || declared.decorators.length === 0) continue;
    if (isExport) text.remove(statement.start, statement.start + exportKeywords(source.slice(statement.start)).length);
    text.appendRight(declared.decorators[0]!.start, `let ${declared.id.name}=`);
    text.appendLeft(statement.end, ";");
  }
  return text;
}

function exportKeywords(text: string): string {
  return /^export(\s+default\b)?/.exec(text)![0];
}
