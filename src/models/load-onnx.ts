import { DataError, ShapeError } from "../core/errors.js";
import { nativeTensor, Session } from "../engine/compiled/session.js";
import type { GraphArray, GraphDType } from "../engine/graph/graph.js";
import { tf } from "../engine/tf.js";

/** A tensor that goes in or out of an ONNX model; `null` is a size that may be any. */
export interface OnnxPort {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly dtype: tf.DataType;
}

const dtypes: Readonly<Record<number, GraphDType>> = { 1: "float32", 6: "int32", 7: "int64", 9: "bool" };

/**
 * Opens an ONNX file to compute with it, on onnxruntime's native code. It cannot be trained.
 *
 * @throws DataError if the file is not there, is no ONNX model, or needs an operator that onnxruntime lacks.
 *
 * @example
 * const model = await loadOnnx("penguins.onnx");
 * const { output } = model.run(tf.tensor([[39.1, 18.7, 181, 3750]]));
 */
export async function loadOnnx(path: string): Promise<OnnxModel> {
  try {
    return new OnnxModel(new Session(path, { threads: 0 }));
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    throw new DataError(`loadOnnx: ${JSON.stringify(path)} cannot be opened as an ONNX model: ${reason}`, {
      cause: error,
    });
  }
}

/** What {@link loadOnnx} opened. */
export class OnnxModel {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  private readonly types: readonly GraphDType[];

  constructor(private readonly session: Session) {
    const port = ({ name, shape, type }: Session["inputs"][number]): OnnxPort => {
      const dtype = dtypeOf(name, type);
      return { name, shape: shape.map((size) => (size < 0 ? null : size)), dtype: dtype === "int64" ? "int32" : dtype };
    };
    this.types = session.inputs.map(({ name, type }) => dtypeOf(name, type));
    this.inputs = session.inputs.map(port);
    this.outputs = session.outputs.map(port);
  }

  /**
   * The outputs by name.
   * @param feeds - A tensor for each input by name; for a model with one input, the tensor itself.
   * @throws ShapeError if a tensor is missing or does not fit its input.
   */
  run(feeds: tf.Tensor | Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
    const named = feeds instanceof tf.Tensor ? { [this.inputs[0]!.name]: feeds } : feeds;
    const native = this.inputs.map((input, i) => {
      return [input.name, nativeOf(input, this.types[i]!, named[input.name])] as const;
    });
    const results = Object.entries(this.session.compute(Object.fromEntries(native)));
    return Object.fromEntries(results.map(([name, { data, dims, type }]) => [name, tensorOf(data, dims, type)]));
  }

  dispose(): void {
    this.session.dispose();
  }
}

function dtypeOf(name: string, type: number): GraphDType {
  const dtype = dtypes[type];
  if (dtype !== undefined) return dtype;
  throw new DataError(
    `loadOnnx: ${JSON.stringify(name)} is of a type (number ${type}) that TensorFlow.js does not have.`,
  );
}

function nativeOf({ name, shape, dtype }: OnnxPort, type: GraphDType, tensor: tf.Tensor | undefined) {
  const expected = `shape (${shape.map((size) => size ?? "any").join(", ")})`;
  if (!(tensor instanceof tf.Tensor))
    throw new ShapeError(`OnnxModel.run: input "${name}" needs a tensor of ${expected}.`);
  const fits = tensor.rank === shape.length && shape.every((size, i) => size === null || size === tensor.shape[i]);
  if (!fits) {
    throw new ShapeError(`OnnxModel.run: input "${name}" must have ${expected}, got (${tensor.shape.join(", ")}).`);
  }
  const cast = tensor.dtype === dtype ? tensor : tf.cast(tensor, dtype);
  const numbers = cast.dataSync() as Float32Array;
  if (cast !== tensor) cast.dispose();
  return nativeTensor(type === "int64" ? BigInt64Array.from([...numbers], BigInt) : numbers, {
    shape: tensor.shape,
    dtype: type,
  });
}

function tensorOf(data: GraphArray, dims: readonly number[], type: string): tf.Tensor {
  if (data instanceof BigInt64Array) return tf.tensor(Int32Array.from(data, Number), [...dims], "int32");
  return tf.tensor(data as Float32Array, [...dims], type as tf.DataType);
}
