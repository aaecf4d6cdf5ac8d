import { DataError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { NumberBlock } from "./number-block.js";

/** The numbers 0, 1, ..., size - 1 that an embedding layer looks up. */
export interface Vocabulary {
  readonly layer: string;
  readonly size: number;
}

/** Of an embedding layer that gets an input of `model` as it is, also in a model inside; null if there is none. */
export function vocabularyOf(model: tf.LayersModel, input: tf.SymbolicTensor): Vocabulary | null {
  for (const { inputTensors, outboundLayer } of input.sourceLayer.outboundNodes) {
    const index = inputTensors.indexOf(input);
    if (index < 0 || !model.layers.includes(outboundLayer)) continue;
    const found =
      outboundLayer instanceof tf.LayersModel
        ? vocabularyOf(outboundLayer, outboundLayer.inputs[index]!)
        : vocabularyOfLayer(outboundLayer);
    if (found !== null) return found;
  }
  return null;
}

function vocabularyOfLayer(layer: tf.layers.Layer): Vocabulary | null {
  const isEmbedding = ["Embedding", "ReversibleEmbedding"].includes(layer.getClassName());
  return isEmbedding ? { layer: layer.name, size: layer.getConfig().inputDim as number } : null;
}

/** @throws DataError if the layer has no vector for a value: TensorFlow.js would count from the end, or round. */
export function checkVocabulary(where: string, { values, shape }: NumberBlock, { layer, size }: Vocabulary): void {
  const rowSize = values.length / shape[0]!;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= 0 && value < size && Number.isInteger(value)) continue;
    const row = Math.floor(i / rowSize);
    const advice =
      Number.isInteger(value) && value >= size
        ? `Make the layer with inputDim: ${value + 1} or more, or number what it does not know as 0.`
        : "Number the words or categories from 0.";
    throw new DataError(
      `${where} must hold whole numbers from 0 to ${size - 1}, which layer "${layer}" has vectors for, got ${value} in row ${row}. ${advice}`,
    );
  }
}
