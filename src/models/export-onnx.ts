import { EtudeError } from "../core/errors.js";
import { forAnyBatch } from "../engine/graph/any-batch.js";
import type { GraphDType } from "../engine/graph/graph.js";
import { onnxModel } from "../engine/graph/onnx.js";
import { NotTraceable, type Step, trace } from "../engine/graph/trace.js";
import type { tf } from "../engine/tf.js";
import { writeWhole } from "./write-whole.js";

/** Sizes that no model has by itself, so that what is as large as one of them goes with the batch. */
const batchSizes = [61, 67] as const;

/**
 * Writes what `model` computes as an ONNX file (operators of version 18), for batches of any size, with the names of its inputs
 * and outputs. Every runtime of ONNX opens it, such as onnxruntime in Python, C++ or a browser; `loadOnnx` opens it here.
 *
 * @throws EtudeError if a layer has no counterpart in ONNX, or the file cannot be written; an earlier file stays as it was.
 *
 * @example
 * await exportOnnx(model, "penguins.onnx");
 */
export async function exportOnnx(model: tf.LayersModel, path: string): Promise<void> {
  await writeWhole("exportOnnx", path, [onnxBytes(model)]);
}

function onnxBytes(model: tf.LayersModel): Uint8Array {
  const step: Step = (inputs) => {
    const results = [model.apply(inputs, { training: false })].flat() as tf.Tensor[];
    return Object.fromEntries(results.map((result, i) => [outputName(model, i), result]));
  };
  const types = (n: number) =>
    model.inputs.map(({ name, shape, dtype }) => {
      const [, ...row] = shape;
      if (row.includes(null)) throw new NotTraceable(`input "${name}" takes rows of any size`);
      return { name, shape: [n, ...(row as number[])], dtype: (dtype ?? "float32") as GraphDType };
    });
  try {
    const [one, other] = batchSizes.map((n) => trace(step, types(n), { frozen: true }));
    const { graph, outputs } = forAnyBatch(one!, other!);
    return onnxModel(graph, outputs, "batch");
  } catch (error) {
    if (!(error instanceof NotTraceable)) throw error;
    throw new EtudeError(
      `exportOnnx: the model cannot be written as ONNX: ${error.message}. Save it with saveModel instead.`,
    );
  }
}

function outputName(model: tf.LayersModel, i: number): string {
  const name = model.outputNames[i]!;
  return model.inputNames.includes(name) ? `${name}_output` : name;
}
