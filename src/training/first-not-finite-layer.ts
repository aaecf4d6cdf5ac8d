import { tf } from "../engine/tf.js";
import type { NumberBlock } from "./number-block.js";

/** The name of the first layer, from input to output, that makes something that is no finite number of `rows`; null if none. */
export function firstNotFiniteLayer(
  model: tf.LayersModel,
  inputs: readonly NumberBlock[],
  rows: Int32Array,
): string | null {
  const layers = model.layers.filter((layer) => layer.getClassName() !== "InputLayer");
  const ends = layers.map((layer) => layer.getOutputAt(0) as tf.SymbolicTensor);
  const each = tf.model({ inputs: model.inputs, outputs: ends });
  let bad = -1;
  tf.tidy(() => {
    const outputs = [
      each.apply(
        inputs.map((block) => rowsOf(block, rows)),
        { training: true },
      ),
    ].flat() as tf.Tensor[];
    bad = outputs.findIndex((output) => !Number.isFinite(tf.sum(tf.abs(output)).dataSync()[0]));
  });
  return layers[bad]?.name ?? null;
}

function rowsOf({ values, shape }: NumberBlock, rows: Int32Array): tf.Tensor {
  const [, ...row] = shape;
  const size = row.reduce((a, b) => a * b, 1);
  const batch = Float32Array.from({ length: rows.length * size }, (_, i) => {
    return values[rows[Math.floor(i / size)]! * size + (i % size)]!;
  });
  return tf.tensor(batch, [rows.length, ...row]);
}
