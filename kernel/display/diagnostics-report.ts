import { codeExcerpt, type ExcerptRange } from "./code-excerpt.js";
import { bold, green, grey, yellow } from "./style.js";

/** One thing that TypeScript has to say about a cell. */
export interface CellDiagnostic extends ExcerptRange {
  readonly code: number;
  readonly message: string;
  /** What to do about it, as it can be typed or as the end of a sentence. */
  readonly fix?: string;
}

const maxShown = 5;

/** What TypeScript found in a cell, as lines: message and place, the line of code, what to do. */
export function diagnosticsReport(diagnostics: readonly CellDiagnostic[], source: string, name: string): string[] {
  const lines = diagnostics.slice(0, maxShown).flatMap((diagnostic) => {
    const { code, message, line, column, fix } = diagnostic;
    return [
      `${yellow(bold(`TS${code}`))} ${message} ${grey(`(${name}:${line}:${column})`)}`,
      ...codeExcerpt(source, diagnostic, 0),
      ...(fix === undefined ? [] : [`    ${green("Fix:")} ${fix}`]),
    ];
  });
  const more = diagnostics.length - maxShown;
  return more > 0 ? [...lines, grey(`... and ${more} more`)] : lines;
}
