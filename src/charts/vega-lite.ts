import { checkNumber, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { Chart } from "./chart.js";
import { namesIn } from "./chart-data.js";
import { roundForChart } from "./numbers.js";
import { completeSpec, type VegaLiteSpec, vegaLiteSchema } from "./spec.js";
import { compiled } from "./static-picture.js";

export interface VegaLiteOptions {
  /** What a reader without pictures gets. @default the title and the kind of mark */
  readonly text?: string;
  /** The most rows of data that the notebook may carry. @default 5000 */
  readonly maxRows?: number;
}

const defaultSize = { width: 420, height: 260 };

/**
 * Shows a chart that is written in Vega-Lite 5 (to 5.6, which JupyterLab draws), https://vega.github.io/vega-lite/docs/.
 * Numbers are rounded to five digits; a chart without a size gets one; a background is best left unset.
 *
 * @throws OptionError if the specification is of another version or not valid, or carries more than `maxRows` rows.
 *
 * @example
 * vegaLite({ data: { values: rows }, mark: "bar", encoding: { x: { field: "species" }, y: { aggregate: "count" } } });
 */
export function vegaLite(spec: VegaLiteSpec, options: VegaLiteOptions = {}): Chart {
  if (spec === null || typeof spec !== "object" || Array.isArray(spec)) {
    throw new OptionError(`vegaLite: spec must be an object in the grammar of Vega-Lite 5, got ${show(spec)}.`);
  }
  checkSchema(spec.$schema);
  const maxRows = checkNumber("vegaLite", "maxRows", options.maxRows ?? 5000, { integer: true, atLeast: 1 });
  const isSingle = "mark" in spec || "layer" in spec;
  const complete = completeSpec({ ...(isSingle ? defaultSize : {}), ...(roundedData(spec, maxRows) as VegaLiteSpec) });
  try {
    compiled(complete);
  } catch (error) {
    const problem = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new OptionError(`vegaLite: this is not a Vega-Lite 5 specification: ${problem}`, { cause: error });
  }
  return new Chart(complete, { text: options.text ?? describe(spec) });
}

function checkSchema(schema: unknown): void {
  if (schema === undefined || (typeof schema === "string" && /\/vega-lite\/v5(\.\d+)*\.json$/.test(schema))) return;
  throw new OptionError(
    `vegaLite: $schema must be ${show(vegaLiteSchema)} or left out, got ${show(schema)}. JupyterLab draws Vega-Lite 5.`,
  );
}

/** A copy with the numbers in `values` rounded, wherever in the specification data stands. */
function roundedData(part: unknown, maxRows: number): unknown {
  if (Array.isArray(part)) return part.map((item) => roundedData(item, maxRows));
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => {
      const isData = name === "data" && value !== null && typeof value === "object" && Array.isArray(value.values);
      return [name, isData ? { ...value, values: roundedRows(value.values, maxRows) } : roundedData(value, maxRows)];
    }),
  );
}

function roundedRows(rows: readonly unknown[], maxRows: number): unknown[] {
  if (rows.length > maxRows) {
    throw new OptionError(
      `vegaLite: data.values has ${rows.length} rows, more than ${maxRows}, and all are saved in the notebook. ` +
        "Aggregate or sample them first, or say maxRows.",
    );
  }
  return rows.map(roundedValue);
}

function roundedValue(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "bigint") return roundForChart(Number(value));
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(roundedValue);
  return Object.fromEntries(namesIn(value).map((name) => [name, roundedValue(Reflect.get(value, name))]));
}

function describe({ title, mark }: VegaLiteSpec): string {
  const name = typeof title === "string" ? title : "";
  const kind =
    typeof mark === "string" ? mark : mark && typeof mark === "object" && "type" in mark ? String(mark.type) : "";
  return [name, kind ? `${kind} chart` : "chart"].filter(Boolean).join(", ");
}
