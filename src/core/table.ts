/** What a table shows in one place: a number is set to the right and rounded, null is a missing value. */
export type TableCell = string | number | boolean | Date | null;

/** About `digits` significant digits, but never fewer than the whole part has: `0.33333`, `1.25e-9`, `123457`. */
export function formatNumber(value: number, digits = 5): string {
  const magnitude = Math.abs(value);
  if (!Number.isFinite(value) || (Number.isInteger(value) && magnitude < 1e15)) return String(value);
  const whole = magnitude < 1e15 ? Math.floor(Math.log10(Math.max(magnitude, 1))) + 1 : 1;
  return String(Number(value.toPrecision(Math.max(digits, whole))));
}

/** One line of text for a cell, at most 40 characters. */
export function formatCell(value: TableCell): string {
  if (value === null) return "null";
  if (typeof value === "number") return formatNumber(value);
  const text = value instanceof Date ? formatDate(value) : String(value).replace(/\s+/g, " ");
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** A table of fixed-width text: columns padded, two spaces apart, numbers to the right. */
export function textTable(header: readonly string[], rows: readonly (readonly TableCell[])[]): string {
  const columns = header.map((name, column) => {
    const cells = [formatCell(name), ...rows.map((row) => formatCell(row[column] ?? null))];
    const width = Math.max(...cells.map((cell) => cell.length));
    const right = rows.some((row) => typeof row[column] === "number");
    return cells.map((cell) => (right ? cell.padStart(width) : cell.padEnd(width)));
  });
  return Array.from({ length: rows.length + 1 }, (_, line) =>
    columns
      .map((cells) => cells[line])
      .join("  ")
      .trimEnd(),
  ).join("\n");
}

/** The same table as HTML in the colours of the notebook's theme; every name and value is escaped. */
export function htmlTable(header: readonly string[], rows: readonly (readonly TableCell[])[]): string {
  const sides = header.map((_, column) => (rows.some((row) => typeof row[column] === "number") ? "right" : "left"));
  const head = header.map((name, column) => htmlHead(escapeHtml(formatCell(name)), sides[column]!)).join("");
  const body = rows
    .map((row) => `<tr>${row.map((cell, column) => htmlCell(cell, sides[column]!)).join("")}</tr>`)
    .join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

export type Side = "left" | "right";

/** One `<th>` with HTML in it. */
export function htmlHead(html: string, side: Side): string {
  return `<th style="text-align:${side};vertical-align:bottom">${html}</th>`;
}

/** One `<td>` with a value in it, escaped; a missing one is faint. */
export function htmlCell(value: TableCell, side: Side): string {
  const faint = value === null ? ";opacity:0.45" : "";
  return `<td style="text-align:${side}${faint}">${escapeHtml(formatCell(value))}</td>`;
}

/** `text` as HTML text or as the value of a quoted attribute, whatever is in it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function formatDate(date: Date): string {
  if (Number.isNaN(date.getTime())) return "Invalid Date";
  return date
    .toISOString()
    .replace("T", " ")
    .replace(/( 00:00:00)?(\.000)?Z$/, "");
}
