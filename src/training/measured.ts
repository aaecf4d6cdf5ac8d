import type { tf } from "../engine/tf.js";

/** What a pass over a batch computed. */
export interface Measured {
  /** The mean over the samples. */
  readonly loss: number;
  /** What the loss consists of, by the names under which it is reported. */
  readonly parts: Readonly<Record<string, number>>;
  /** Of each output of the model, row after row. */
  readonly outputs: readonly Float32Array[];
}

/** What a step gives for a batch, by name. */
export type BatchValues = Readonly<Record<string, Float32Array>>;

const [outputPrefix, partPrefix] = ["output:", "part:"];

/** Outputs and parts of the loss, as results of a step. */
export function measuredTensors(outputs: readonly tf.Tensor[], parts: tf.NamedTensorMap): tf.NamedTensorMap {
  return Object.fromEntries([
    ...outputs.map((output, i) => [outputPrefix + i, output] as const),
    ...Object.entries(parts).map(([name, part]) => [partPrefix + name, part] as const),
  ]);
}

export function valuesOf(tensors: Readonly<Record<string, tf.Tensor>>): BatchValues {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.dataSync<"float32">()]));
}

/** From the results of a step that has `loss` and {@link measuredTensors}. */
export function measuredOf(values: BatchValues): Measured {
  const parts: Record<string, number> = {};
  const outputs: Float32Array[] = [];
  for (const name in values) {
    if (name.startsWith(outputPrefix)) outputs[Number(name.slice(outputPrefix.length))] = values[name]!;
    else if (name.startsWith(partPrefix)) parts[name.slice(partPrefix.length)] = values[name]![0]!;
  }
  return { loss: values.loss![0]!, parts, outputs };
}
