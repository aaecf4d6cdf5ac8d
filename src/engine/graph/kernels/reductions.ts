import { cast, where } from "../elementwise.js";
import type { Value } from "../graph.js";
import { axesOf, axisOf, defineKernels, type GraphKernel } from "../kernel.js";
import { reshape } from "../layout.js";
import { node, scalar } from "../nodes.js";
import { reduce } from "../operators.js";

const over =
  (op: string): GraphKernel =>
  ({ x }, { axis, keepDims }) =>
    reduce(op, x!, axesOf(x!, axis), keepDims);

/** Of truth values, as numbers. */
const ofTruth =
  (op: string): GraphKernel =>
  ({ x }, { axis, keepDims }) =>
    cast(reduce(op, cast(x!, "int32"), axesOf(x!, axis), keepDims), "bool");

const place =
  (op: string): GraphKernel =>
  ({ x }, { axis }) => {
    const dimension = axisOf(axis ?? 0, x!.shape.length);
    const shape = x!.shape.filter((_, i) => i !== dimension);
    return cast(node(op, [x!], { axis: dimension, keepdims: 0 }, { shape, dtype: "int64" }), "int32");
  };

/** ONNX has no cumulative product: each element is a plain product of those before it, with 1 in the place of the others. */
function cumprod(x: Value, axis: number, exclusive: boolean, reverse: boolean): Value {
  const size = x.shape[axis]!;
  const isPart = (to: number, from: number) => (reverse ? from > to : from < to) || (from === to && !exclusive);
  const part = Uint8Array.from({ length: size * size }, (_, i) => Number(isPart(Math.floor(i / size), i % size)));
  const mask = x.graph.constant(part, { shape: [size, size, ...x.shape.slice(axis + 1).map(() => 1)], dtype: "bool" });
  const rows = reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);
  return reduce("ReduceProd", where(mask, rows, scalar(x, 1, x.dtype)), [axis + 1]);
}

const whole = (x: Value) => (x.dtype === "bool" ? cast(x, "int32") : x);

defineKernels({
  All: ofTruth("ReduceMin"),
  Any: ofTruth("ReduceMax"),
  ArgMax: place("ArgMax"),
  ArgMin: place("ArgMin"),
  Cumprod: ({ x }, { axis, exclusive, reverse }) => cumprod(x!, axisOf(axis, x!.shape.length), exclusive, reverse),
  Cumsum: ({ x }, { axis, exclusive, reverse }) => {
    const dimension = x!.graph.constant(BigInt64Array.of(BigInt(axisOf(axis, x!.shape.length))), {
      shape: [],
      dtype: "int64",
    });
    return node("CumSum", [x!, dimension], { exclusive: Number(exclusive), reverse: Number(reverse) }, x!);
  },
  Max: ({ x }, { reductionIndices, axis, keepDims }) =>
    reduce("ReduceMax", x!, axesOf(x!, reductionIndices ?? axis), keepDims),
  Mean: ({ x }, { axis, keepDims }) => reduce("ReduceMean", cast(x!, "float32"), axesOf(x!, axis), keepDims),
  Min: over("ReduceMin"),
  Prod: ({ x }, { axis, keepDims }) => reduce("ReduceProd", whole(x!), axesOf(x!, axis), keepDims),
  Sum: ({ x }, { axis, keepDims }) => reduce("ReduceSum", whole(x!), axesOf(x!, axis), keepDims),
  TopK: ({ x }, { k, sorted }) => {
    const shape = [...x!.shape.slice(0, -1), k];
    const [values, places] = x!.graph.add("TopK", [x!, x!.graph.integers([k])], { axis: -1, sorted: Number(sorted) }, [
      { shape, dtype: x!.dtype },
      { shape, dtype: "int64" },
    ]).outputs as [Value, Value];
    return [values, cast(places, "int32")];
  },
});
