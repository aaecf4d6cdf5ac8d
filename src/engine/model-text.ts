import { htmlTable, textTable } from "../core/table.js";

import tf = require("./parts.cjs");

/** Whether a model has layers already; a sequential one begins without. */
export function hasLayers(model: tf.LayersModel): boolean {
  return (model.outputs?.length ?? 0) > 0;
}

/** A row for each layer, from input to output. */
function layerRows(model: tf.LayersModel): [layer: string, kind: string, output: string, parameters: number][] {
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

function title(model: tf.LayersModel): string {
  if (!hasLayers(model)) return `Model ${JSON.stringify(model.name)}, no layers yet`;
  const parameters = layerRows(model).reduce((sum, [, , , count]) => sum + count, 0);
  return `Model ${JSON.stringify(model.name)}, ${parameters.toLocaleString("en")} parameters`;
}

// By name and not by import: the rooms for output stand above this one.
Object.defineProperty(tf.LayersModel.prototype, Symbol.for("Jupyter.display"), {
  configurable: true,
  value(this: tf.LayersModel) {
    const header = ["layer", "kind", "output", "parameters"];
    const rows = layerRows(this);
    return {
      "text/plain": `${title(this)}\n${textTable(header, rows)}`,
      "text/html": `<div><div style="opacity:0.7">${title(this)}</div>${htmlTable(header, rows)}</div>`,
    };
  },
});
