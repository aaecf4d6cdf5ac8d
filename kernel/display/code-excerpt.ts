import { bold, red } from "./style.js";

const maxWidth = 160;

/** A place in a text; lines and columns count from 1. */
export interface ExcerptRange {
  readonly line: number;
  readonly column: number;
  /** Where it ends, if that is known: past the last character. */
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** The lines around a place, numbered. What is marked is a caret under its start, or the range as far as its line goes. */
export function codeExcerpt(source: string, range: ExcerptRange, linesAround = 2): string[] {
  const { line } = range;
  const lines = source.split(/\r?\n/);
  if (line < 1 || line > lines.length) return [];
  const first = Math.max(1, line - linesAround);
  const last = Math.min(lines.length, line + linesAround);
  const digits = String(last).length;
  return lines.slice(first - 1, last).flatMap((text, i) => {
    const number = String(first + i).padStart(digits);
    const shown = text.length > maxWidth ? `${text.slice(0, maxWidth)}...` : text;
    if (first + i !== line) return [`  ${number} | ${shown}`];
    const mark = range.column > maxWidth ? [] : [`  ${" ".repeat(digits)} | ${markUnder(text, range)}`];
    return [`${red(bold(">"))} ${number} | ${bold(shown)}`, ...mark];
  });
}

function markUnder(text: string, { line, column, endLine, endColumn }: ExcerptRange): string {
  // As wide as the text before it, tabs kept so that the mark stands under its characters.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  if (endColumn === undefined) return indent + red("^");
  const end = endLine === undefined || endLine > line ? text.trimEnd().length : endColumn - 1;
  const width = Math.min(end, maxWidth) - (column - 1);
  return indent + red(width < 2 ? "^" : "~".repeat(width));
}
