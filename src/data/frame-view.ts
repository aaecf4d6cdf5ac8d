import type { Part } from "../core/part.js";
import {
  escapeHtml,
  formatCell,
  formatNumber,
  htmlCell,
  htmlHead,
  type Side,
  type TableCell,
  textTable,
} from "../core/table.js";
import type { MimeBundle } from "../output/mime.js";
import type { Column } from "./column.js";
import { columnBars } from "./column-bars.js";

const shownRows = 8;
const shownColumns = 30;

interface ShownColumn {
  readonly name: string;
  readonly column: Column;
  readonly type: string;
  readonly side: Side;
}

/** A frame as text and as HTML: its shape, and for each column the type, missing share, distribution and first rows. */
export function frameBundle(columns: ReadonlyMap<string, Column>, nRows: number, part: Part | undefined): MimeBundle {
  const shown = [...columns].slice(0, shownColumns).map(([name, column]): ShownColumn => {
    return { name, column, type: typeLine(column), side: column.kind === "number" ? "right" : "left" };
  });
  const rows = Array.from({ length: Math.min(nRows, shownRows) }, (_, row) =>
    shown.map(({ column }): TableCell => column.at(row)),
  );
  const title = `Frame ${nRows} x ${columns.size}${part === undefined ? "" : `, ${part} part`}`;
  const left = leftOut(nRows - rows.length, columns.size - shown.length);
  const text = textTable(
    shown.map(({ name }) => name),
    [shown.map(({ type }) => type), ...rows],
  );
  return {
    "text/plain": [title, text, left].filter(Boolean).join("\n"),
    "text/html": html(title, shown, rows, left),
  };
}

function html(title: string, columns: readonly ShownColumn[], rows: readonly TableCell[][], left: string): string {
  const heads = columns.map(({ name, column, type, side }) => {
    const lines = [
      `<div>${escapeHtml(formatCell(name))}</div>`,
      `<div style="font-weight:normal;opacity:0.65;white-space:nowrap">${escapeHtml(type)}</div>`,
      bars(column),
    ];
    return htmlHead(lines.join(""), side);
  });
  const body = rows
    .map((row) => `<tr>${row.map((cell, i) => htmlCell(cell, columns[i]!.side)).join("")}</tr>`)
    .join("");
  return [
    `<div style="overflow-x:auto"><div style="opacity:0.65;margin-bottom:4px">${title}</div>`,
    `<table style="font-variant-numeric:tabular-nums"><thead><tr>${heads.join("")}</tr></thead><tbody>${body}</tbody></table>`,
    left === "" ? "" : `<div style="opacity:0.65;margin-top:4px">${left}</div>`,
    "</div>",
  ].join("");
}

function bars(column: Column): string {
  const parts = columnBars(column).map(({ label, share }) => {
    const color = "var(--jp-brand-color2,#42a5f5)";
    const style = `flex:1;min-width:2px;max-width:14px;height:${Math.ceil(share * 100)}%;background:${color}`;
    return `<div title="${escapeHtml(label)}" style="${style}"></div>`;
  });
  return `<div style="display:flex;align-items:flex-end;gap:1px;height:22px;min-width:64px;margin-top:3px">${parts.join("")}</div>`;
}

function typeLine(column: Column): string {
  const share = column.length === 0 ? 0 : column.nMissing / column.length;
  if (share === 0) return column.kind;
  const percent = share < 0.001 ? "<0.1" : formatNumber(share * 100, 2);
  return `${column.kind}, ${percent}% null`;
}

function leftOut(rows: number, columns: number): string {
  const parts = [rows > 0 ? `${rows} more rows` : "", columns > 0 ? `${columns} more columns` : ""];
  const text = parts.filter(Boolean).join(" and ");
  return text === "" ? "" : `… ${text}`;
}
