import { bold, red } from "./style.js";

const maxWidth = 160;

/** The lines around a position, numbered, with a caret under the column; both count from 1. */
export function codeExcerpt(source: string, line: number, column: number, linesAround = 2): string[] {
  const lines = source.split(/\r?\n/);
  if (line < 1 || line > lines.length) return [];
  const first = Math.max(1, line - linesAround);
  const last = Math.min(lines.length, line + linesAround);
  const digits = String(last).length;
  return lines.slice(first - 1, last).flatMap((text, i) => {
    const number = String(first + i).padStart(digits);
    const shown = text.length > maxWidth ? `${text.slice(0, maxWidth)}...` : text;
    if (first + i !== line) return [`  ${number} | ${shown}`];
    const caret = column > maxWidth ? [] : [`  ${" ".repeat(digits)} | ${indent(text, column)}${red("^")}`];
    return [`${red(bold(">"))} ${number} | ${bold(shown)}`, ...caret];
  });
}

/** As wide as the text before `column`, tabs kept so that the caret stands under its character. */
function indent(text: string, column: number): string {
  return text.slice(0, column - 1).replace(/[^\t]/g, " ");
}
