import * as acorn from "acorn";
import { type OxcError, type TransformResult, transformSync } from "oxc-transform";
import { transformWithSwc } from "./swc-transform.js";
import { type CellSyntaxError, syntaxErrorAt } from "./syntax-error.js";
import { offsetOf } from "./text-lines.js";
import { makeStep, type Step, trace } from "./trace.js";
import type { Language, Transformed, TransformOptions } from "./transformed.js";

const target = "node20";

/**
 * TypeScript and JSX to JavaScript, imports and exports kept. By oxc, and by swc what oxc cannot lower: `using`,
 * decorators, `accessor`, and namespaces that export a `let`.
 * @throws CellSyntaxError if the text is not TypeScript.
 */
export function transform(source: string, script: string, options: TransformOptions): Transformed {
  const { language, result } = runOxcInTurn(source, script, options);
  const steps = () => {
    const { code, map } = runOxc(source, language, options, true);
    return [makeStep(source, code, map)];
  };
  const lowered = result.errors.length === 0 && Object.keys(result.helpersUsed).length === 0;
  if (lowered) {
    const parsed = parse(result.code);
    if ("program" in parsed) return { code: result.code, program: parsed.program, steps };
    // oxc passes on decorators and `accessor`, which acorn does not know.
    if (!/@|\baccessor\b/.test(result.code)) throw syntaxErrorOf(source, script, parsed, steps());
  }
  const swc = transformWithSwc(source, language, options);
  const parsed = parse(swc.code);
  if ("program" in parsed) return { ...swc, program: parsed.program };
  throw syntaxErrorOf(source, script, parsed, swc.steps());
}

/** Old casts, `<T>x`, are no TSX, and JSX is no plain TypeScript. Of two failures the one that got further is told. */
function runOxcInTurn(source: string, script: string, options: TransformOptions) {
  let furthest: CellSyntaxError | undefined;
  for (const language of options.languages) {
    const result = runOxc(source, language, options, false);
    const error = result.errors.find(({ message }) => !message.startsWith("Namespaces exporting non-const"));
    if (!error) return { language, result };
    const failure = oxcSyntaxError(source, script, error);
    const { line, column } = furthest ?? { line: 0, column: 0 };
    if (failure.line > line || (failure.line === line && failure.column > column)) furthest = failure;
  }
  throw furthest;
}

export function runOxc(
  source: string,
  language: Language,
  options: TransformOptions,
  sourcemap: boolean,
): TransformResult {
  const { runtime, importSource, factory, fragmentFactory } = options.settings.jsx;
  return transformSync("cell", source, {
    lang: language,
    sourceType: "module",
    target,
    sourcemap,
    jsx:
      runtime === "automatic"
        ? { runtime, importSource, pure: false }
        : { runtime, pragma: factory, pragmaFrag: fragmentFactory, pure: false },
    typescript: { onlyRemoveTypeImports: options.isCell },
  });
}

function oxcSyntaxError(source: string, script: string, { message, labels, helpMessage }: OxcError): CellSyntaxError {
  // Of "declared here" and "declared again there" the later place is the mistake. oxc counts bytes of UTF-8.
  const bytes = Math.max(0, ...labels.map(({ start }) => start));
  const offset = Buffer.from(source).subarray(0, bytes).toString().length;
  return syntaxErrorAt(source, script, offset, helpMessage ? `${message}. ${helpMessage}` : message);
}

function parse(code: string): { readonly program: acorn.Program } | { readonly error: SyntaxError } {
  try {
    // As a script, because a module may not export a name that another cell declares; oxc has seen to the rest.
    const program = acorn.parse(code, {
      ecmaVersion: "latest",
      sourceType: "script",
      allowImportExportEverywhere: true,
      allowAwaitOutsideFunction: true,
      allowHashBang: true,
    });
    return { program };
  } catch (error) {
    if (error instanceof SyntaxError) return { error };
    throw error;
  }
}

function syntaxErrorOf(
  source: string,
  script: string,
  { error }: { readonly error: SyntaxError },
  steps: readonly Step[],
): CellSyntaxError {
  const { line, column } = (error as SyntaxError & { loc: acorn.Position }).loc;
  // acorn points behind the slash.
  const isRegExp = error.message.startsWith("Invalid regular expression");
  const place = trace(steps, { line, column: isRegExp ? column : column + 1 });
  const offset = place ? offsetOf(source, place) : 0;
  return syntaxErrorAt(source, script, offset, error.message.replace(/ \(\d+:\d+\)$/, ""));
}
