import { codeExcerpt } from "./code-excerpt.js";
import { bold, grey, yellow } from "./style.js";

/** One thing that TypeScript has to say about a cell. */
export interface CellDiagnostic {
  readonly code: number;
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** What to do about it. */
  readonly fix?: string;
}

const maxShown = 5;

/** What TypeScript found in a cell, as lines: message and place, the line of code, the advice. */
export function diagnosticsReport(diagnostics: readonly CellDiagnostic[], source: string, name: string): string[] {
  const lines = diagnostics
    .slice(0, maxShown)
    .flatMap(({ code, message, line, column, fix }) => [
      `${yellow(bold(`TS${code}`))} ${message} ${grey(`(${name}:${line}:${column})`)}`,
      ...codeExcerpt(source, line, column, 0),
      ...(fix === undefined ? [] : [`    ${fix}`]),
    ]);
  const more = diagnostics.length - maxShown;
  return more > 0 ? [...lines, grey(`... and ${more} more`)] : lines;
}
