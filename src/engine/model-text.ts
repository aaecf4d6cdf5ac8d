import { LayersModel } from "@tensorflow/tfjs-layers";
import { htmlTable, textTable } from "../core/table.js";

/** One layer of a model as a table shows it: name, kind, shape of its output, number of its parameters. */
export type LayerRow = readonly [layer: string, kind: string, output: string, parameters: number];

/** Whether the shapes of a model are known; a sequential one learns them with the `inputShape` of its first layer. */
export function isBuilt(model: LayersModel): boolean {
  return (model.outputs?.length ?? 0) > 0;
}

/** A row for each layer, from input to output; a model that has not seen the shape of its input has none yet. */
export function layerRows(model: LayersModel): LayerRow[] {
  if (!isBuilt(model)) return [];
  return model.layers.map((layer) => [
    layer.name,
    layer.getClassName(),
    shapeText(layer.outputShape),
    layer.countParams(),
  ]);
}

function shapeText(shape: (number | null)[] | (number | null)[][]): string {
  return shape.map((size) => (Array.isArray(size) ? `[${shapeText(size)}]` : (size ?? "n"))).join(" x ");
}

function title(model: LayersModel): string {
  if (!isBuilt(model)) return `Model ${JSON.stringify(model.name)}, not built: its first layer has no inputShape yet`;
  const parameters = layerRows(model).reduce((sum, [, , , count]) => sum + count, 0);
  return `Model ${JSON.stringify(model.name)}, ${parameters.toLocaleString("en")} parameters`;
}

// By name and not by import: the rooms for output stand above this one.
Object.defineProperty(LayersModel.prototype, Symbol.for("Jupyter.display"), {
  configurable: true,
  value(this: LayersModel) {
    const header = ["layer", "kind", "output", "parameters"];
    const rows = layerRows(this);
    return {
      "text/plain": `${title(this)}\n${textTable(header, rows)}`,
      "text/html": `<div><div style="opacity:0.7">${title(this)}</div>${htmlTable(header, rows)}</div>`,
    };
  },
});
