import { colours, type VegaLiteSpec } from "./spec.js";

/** A small table inside of a chart. */
export interface ComparisonTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const rowHeight = 16;
const charWidth = 6.4;
const gap = 22;
const longest = 34;
const leastWidth = 740;

/** Text in rows and columns, in a colour that reads on light and dark pages. */
export function comparisonTable({ header, rows }: ComparisonTable): VegaLiteSpec {
  const lines = [header, ...rows].map((line) => line.map((cell) => shortened(cell)));
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)) * charWidth + gap);
  const starts = widths.map((_, column) => widths.slice(0, column).reduce((sum, width) => sum + width, 0));
  // As wide as the panels, so that the board keeps its size while the numbers change.
  const width = Math.max(
    leastWidth,
    widths.reduce((sum, one) => sum + one, 0),
  );
  const values = lines.flatMap((line, row) => line.map((text, column) => ({ row, x: starts[column]!, text })));
  const mark = { type: "text", color: colours.grey, align: "left", baseline: "middle", fontSize: 11 };
  const encoding = {
    x: { field: "x", type: "quantitative", axis: null, scale: { domain: [0, width], nice: false } },
    y: { field: "row", type: "ordinal", axis: null },
    text: { field: "text", type: "nominal" },
  };
  const part = (isHeader: boolean, more: object) => ({
    transform: [{ filter: `datum.row ${isHeader ? "==" : ">"} 0` }],
    mark: { ...mark, ...more },
    encoding,
  });
  return {
    data: { values },
    width,
    height: lines.length * rowHeight,
    layer: [part(true, { fontWeight: "bold" }), part(false, {})],
  };
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
