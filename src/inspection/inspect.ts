import type { Chart } from "../charts/chart.js";
import { escapeHtml, htmlTable, type TableCell, textTable } from "../core/table.js";
import { tf } from "../engine/tf.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import { activationFacts, activationOf } from "./activation-facts.js";
import { binsPerLayer, type StripRow, stripChart, stripRows } from "./activation-strips.js";
import { embeddedPicture } from "./embedded-picture.js";
import { findingsOf, percent } from "./findings.js";
import type { InspectionRow } from "./inspection-row.js";
import { batchTensors, type ModelBatch, runLayers } from "./model-batch.js";
import { modelGraph, rowShapeText } from "./model-graph.js";
import { receptiveFields } from "./receptive-field.js";

/** The table of {@link inspect}, what is wrong, and the drawing of all values. */
export class Inspection implements Displayable {
  constructor(
    readonly name: string,
    /** Rows in the batch. */
    readonly nRows: number,
    readonly rows: readonly InspectionRow[],
    /** What is wrong, one sentence each. */
    readonly findings: readonly string[],
    /** How the values of each layer are spread. */
    readonly strips: Chart,
  ) {}

  [displaySymbol](): MimeBundle {
    const header = ["layer", "output", "mean", "std", "dead", "saturated", "NaN", "infinite", "sees"];
    const share = (value: number | null) => (value === null ? "" : percent(value));
    const cells = this.rows.map((row): TableCell[] => [
      row.layer,
      rowShapeText([null, ...row.outputShape]),
      Number(row.mean.toPrecision(3)),
      Number(row.std.toPrecision(3)),
      share(row.dead),
      share(row.saturated),
      percent(row.nan),
      percent(row.infinite),
      typeof row.receptiveField === "string" ? "all" : (row.receptiveField?.join(" x ") ?? ""),
    ]);
    const title = `Model ${JSON.stringify(this.name)} on ${this.nRows.toLocaleString("en")} rows`;
    const findings = this.findings.length > 0 ? this.findings : ["Nothing looks wrong."];
    const { strips } = this;
    return {
      "text/plain": [title, ...findings, textTable(header, cells)].join("\n"),
      get "text/html"() {
        const sentences = findings.map((finding) => `<li>${escapeHtml(finding)}</li>`).join("");
        return `<div><div style="opacity:0.7">${escapeHtml(title)}</div><ul>${sentences}</ul>${htmlTable(header, cells)}${embeddedPicture(strips)}</div>`;
      },
    };
  }
}

/**
 * What the layers of a model do with a batch, as in use: mean and deviation of what comes out, units that are dead (0 in every row
 * and place), values at the ends of tanh and sigmoid, NaN and infinite values, how much of the input a place sees (Araujo, Norris &
 * Sim, Distill 2019), how the values are spread; and in sentences what is wrong. The model stays as it is.
 *
 * @param batch - Rows in the shape of the model's input, 100 or so: a tensor, a Matrix or arrays. For several inputs an object
 * with rows for each.
 * @throws ShapeError if the rows are not those that the model takes.
 *
 * @example
 * inspect(model, x.slice(0, 128));
 */
export function inspect(model: tf.LayersModel, batch: ModelBatch): Inspection {
  const nodes = modelGraph("inspect", model);
  const fields = receptiveFields(nodes);
  const nBins = binsPerLayer(nodes.length);
  const rows: InspectionRow[] = [];
  const strips: StripRow[] = [];
  const nRows = tf.tidy(() => {
    const inputs = batchTensors("inspect", model, batch);
    runLayers(nodes, model, inputs, ({ id, layer, inputs: from, outputShapes }, [output]) => {
      const values = output!.dataSync() as Float32Array;
      const activation = activationOf(layer);
      const facts = activationFacts(values, output!.shape.at(-1)!, activation);
      strips.push(...stripRows(id, values, facts, nBins));
      rows.push({
        ...facts,
        layer: id,
        activation,
        from: from.map((node) => node.id),
        outputShape: outputShapes[0]!.slice(1),
        receptiveField: fields.get(id)!,
      });
    });
    return inputs[0]!.shape[0]!;
  });
  const layers = rows.map(({ layer }) => layer);
  return new Inspection(model.name, nRows, rows, findingsOf(rows, nRows), stripChart(layers, strips, typical(rows)));
}

/** The median of the layers' deviations. */
function typical(rows: readonly InspectionRow[]): number {
  const deviations = rows.map(({ std }) => std).filter((std) => std > 0);
  return deviations.sort((a, b) => a - b)[Math.floor(deviations.length / 2)] ?? 1;
}
