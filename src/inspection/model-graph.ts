import { show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";

/** A layer where it is used once; one that is used twice is two nodes. */
export interface GraphNode {
  readonly id: string;
  readonly layer: tf.layers.Layer;
  /** Which of the uses of the layer. */
  readonly nodeIndex: number;
  /** The nodes that this one gets its inputs from, in order. */
  readonly inputs: readonly GraphNode[];
  /** With the axis of the batch, as all shapes here. */
  readonly inputShapes: readonly tf.Shape[];
  readonly outputShapes: readonly tf.Shape[];
}

/** Every use of a layer between the inputs and the outputs of `model`, none before those that it gets its inputs from. */
export function modelGraph(where: string, model: tf.LayersModel): GraphNode[] {
  if (!(model instanceof tf.LayersModel)) {
    throw new OptionError(`${where}: takes a model, from build, mlp or tf.sequential, got ${show(model)}.`);
  }
  if (!model.outputs?.length) throw new OptionError(`${where}: the model has no layers yet. Add some first.`);
  const nodes = new Map<string, GraphNode>();
  const inputs = new Set(model.inputs.map(idOf));
  const visit = (tensor: tf.SymbolicTensor): GraphNode => {
    const id = idOf(tensor);
    const known = nodes.get(id);
    if (known !== undefined) return known;
    const { sourceLayer: layer, nodeIndex } = tensor;
    const { inputTensors, outputShapes } = layer.inboundNodes[nodeIndex]!;
    const from = inputs.has(id) ? [] : inputTensors;
    const node = {
      id,
      layer,
      nodeIndex,
      inputs: from.map(visit),
      inputShapes: from.map(({ shape }) => shape),
      outputShapes: listOfShapes(outputShapes),
    };
    nodes.set(id, node);
    return node;
  };
  // The inputs come first, in their order, also one that feeds a late layer only.
  for (const tensor of [...model.inputs, ...model.outputs]) visit(tensor);
  return [...nodes.values()];
}

function idOf({ sourceLayer, nodeIndex }: tf.SymbolicTensor): string {
  return nodeIndex === 0 ? sourceLayer.name : `${sourceLayer.name}:${nodeIndex + 1}`;
}

function listOfShapes(shapes: tf.Shape | tf.Shape[]): tf.Shape[] {
  return Array.isArray(shapes[0]) ? (shapes as tf.Shape[]) : [shapes as tf.Shape];
}

/** A row's shape for readers: `28 x 28 x 1`; `any` where a size is open. */
export function rowShapeText(shape: tf.Shape): string {
  return (
    shape
      .slice(1)
      .map((size) => size ?? "any")
      .join(" x ") || "1"
  );
}
