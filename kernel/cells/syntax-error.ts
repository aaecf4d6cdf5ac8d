import { linesOf, placeOf } from "./text-lines.js";

/** Cell or file text that is not TypeScript: what is wrong, and where; line and column count from 1. */
export class CellSyntaxError extends Error {
  override readonly name = "SyntaxError";

  constructor(
    message: string,
    /** The cell or file, as stack traces name it. */
    readonly script: string,
    readonly line: number,
    readonly column: number,
    /** The lines around the place, with a caret under it. */
    readonly excerpt: string,
  ) {
    super(message);
    this.stack = `SyntaxError: ${message}\n    at ${script}:${line}:${column}`;
    for (const detail of ["name", "script", "line", "column", "excerpt"]) {
      Object.defineProperty(this, detail, { enumerable: false });
    }
  }
}

/** The error for the character at `offset` of `source`. */
export function syntaxErrorAt(source: string, script: string, offset: number, message: string): CellSyntaxError {
  const { line, column } = placeOf(source, offset);
  return new CellSyntaxError(message, script, line, column, excerptOf(source, script, line, column));
}

function excerptOf(source: string, script: string, line: number, column: number): string {
  const lines = linesOf(source);
  const first = Math.max(1, line - 2);
  const digits = String(line).length;
  const shown = lines.slice(first - 1, line).map((text, i) => `${String(first + i).padStart(digits)} | ${text}`);
  const indent = lines[line - 1]!.slice(0, column - 1).replace(/[^\t]/g, " ");
  return [`${script}:${line}:${column}`, ...shown, `${" ".repeat(digits)} | ${indent}^`].join("\n");
}
