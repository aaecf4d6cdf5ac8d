import type { Chart } from "../charts/chart.js";
import { escapeHtml, htmlTable, type TableCell, textTable } from "../core/table.js";
import type { tf } from "../engine/tf.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import { embeddedPicture } from "./embedded-picture.js";
import { forwardFlops, size, sum } from "./flops.js";
import { graphChart } from "./graph-chart.js";
import { type GraphNode, modelGraph, rowShapeText } from "./model-graph.js";

/** What a layer is, costs and is connected to. */
export interface SummaryRow {
  readonly layer: string;
  /** Its class. */
  readonly kind: string;
  /** Of one row. */
  readonly outputShapes: readonly (readonly (number | null)[])[];
  /** Weights that training changes, and weights that it does not; 0 where a layer is used again. */
  readonly trainable: number;
  readonly frozen: number;
  /** Floating-point operations of one row, forward; a multiply-add is 2. `null` where they are not known. */
  readonly flops: number | null;
  /** Bytes of what comes out for one row, in float32; `null` where a size is open. */
  readonly bytes: number | null;
  /** The layers that it gets its inputs from. */
  readonly from: readonly string[];
}

/** The table of {@link summary}, its sums and its drawing. */
export class Summary implements Displayable {
  constructor(
    readonly name: string,
    readonly rows: readonly SummaryRow[],
    /** The drawing alone, as a chart of boxes and lines. */
    readonly graph: Chart,
  ) {}

  /** Weights that training changes. */
  get trainable(): number {
    return sum(this.rows.map((row) => row.trainable));
  }

  /** Weights that training leaves. */
  get frozen(): number {
    return sum(this.rows.map((row) => row.frozen));
  }

  get parameters(): number {
    return this.trainable + this.frozen;
  }

  /** Of one row, forward; without the layers whose work is not known. */
  get flops(): number {
    return sum(this.rows.map((row) => row.flops ?? 0));
  }

  /** Of what all layers give for one row, as training keeps it; without the layers that have an open size. */
  get bytes(): number {
    return sum(this.rows.map((row) => row.bytes ?? 0));
  }

  [displaySymbol](): MimeBundle {
    const { rows, graph } = this;
    const { flops, bytes } = this.units();
    const header = ["layer", "kind", "output", "trainable", "frozen", flops.name, bytes.name, "from"];
    const cells = rows.map((row): TableCell[] => [
      row.layer,
      row.kind,
      row.outputShapes.map((shape) => rowShapeText([null, ...shape])).join(", "),
      row.trainable,
      row.frozen,
      row.flops === null ? "unknown" : flops.of(row.flops),
      row.bytes === null ? "unknown" : bytes.of(row.bytes),
      row.from.join(", "),
    ]);
    const title = this.title();
    return {
      "text/plain": `${title}\n${textTable(header, cells)}`,
      // Read when it is shown: the drawing costs 100 ms, and plain Node shows the text alone.
      get "text/html"() {
        return `<div style="display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start"><div><div style="opacity:0.7">${escapeHtml(title)}</div>${htmlTable(header, cells)}</div>${embeddedPicture(graph)}</div>`;
      },
    };
  }

  private units() {
    return {
      flops: unitOf(this.flops, ["FLOPs", "kFLOPs", "MFLOPs", "GFLOPs", "TFLOPs"]),
      bytes: unitOf(this.bytes, ["bytes", "kB", "MB", "GB"]),
    };
  }

  private title(): string {
    const count = (value: number) => value.toLocaleString("en");
    const { flops, bytes } = this.units();
    const atLeast = (known: (row: SummaryRow) => unknown) =>
      this.rows.every((row) => known(row) !== null) ? "" : "at least ";
    const frozen = this.frozen > 0 ? ` (${count(this.trainable)} trainable, ${count(this.frozen)} frozen)` : "";
    return [
      `Model ${JSON.stringify(this.name)}`,
      `${count(this.parameters)} parameters${frozen}`,
      `for a row ${atLeast(({ flops }) => flops)}${flops.of(this.flops)} ${flops.name}`,
      `${atLeast(({ bytes }) => bytes)}${bytes.of(this.bytes)} ${bytes.name} of activations`,
    ].join(", ");
  }
}

/**
 * What a model is made of: a table with a row for each layer, and a drawing. Output shapes, FLOPs and the memory of activations are
 * those of one row of input; layers that follow one another as one, and stretches that repeat, are drawn as one.
 *
 * FLOPs count a multiply-add as 2: a convolution has `2 · kernel values · places of the output`.
 *
 * @throws OptionError if the model has no layers.
 *
 * @example
 * summary(model);
 * summary(model).flops;
 * summary(model).graph; // the drawing alone
 */
export function summary(model: tf.LayersModel): Summary {
  const nodes = modelGraph("summary", model);
  return new Summary(model.name, summaryRows(nodes), graphChart(model.name, nodes));
}

function summaryRows(nodes: readonly GraphNode[]): SummaryRow[] {
  const counted = new Set<unknown>();
  const countNew = (weights: tf.layers.Layer["weights"]) => {
    const fresh = weights.filter((weight) => !counted.has(weight));
    for (const weight of fresh) counted.add(weight);
    return sum(fresh.map(({ shape }) => size(shape)));
  };
  return nodes.map(({ id, layer, inputs, inputShapes, outputShapes }) => {
    const bytes = 4 * sum(outputShapes.map((shape) => size(shape.slice(1))));
    return {
      layer: id,
      kind: layer.getClassName(),
      outputShapes: outputShapes.map((shape) => shape.slice(1)),
      trainable: countNew(layer.trainableWeights),
      frozen: countNew(layer.nonTrainableWeights),
      flops: forwardFlops(layer, inputShapes, outputShapes[0]!),
      bytes: Number.isFinite(bytes) ? bytes : null,
      from: inputs.map((input) => input.id),
    };
  });
}

/** The unit in which `total` has one to three digits before the point. */
function unitOf(total: number, units: readonly string[]) {
  const power = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, total)) / 3)));
  return { name: units[power]!, of: (value: number) => Number((value / 1000 ** power).toPrecision(4)) };
}
