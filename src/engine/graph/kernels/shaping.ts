import tf = require("../../parts.cjs");

import { cast, equal, where } from "../elementwise.js";
import { type GraphDType, sizeOf, type Value } from "../graph.js";
import { axisOf, defineKernels } from "../kernel.js";
import { expand, reshape, transpose } from "../layout.js";
import { arrayOf, node, stored } from "../nodes.js";
import { concat, gather, pad, slice, split } from "../operators.js";

/** Adds each row of `updates` to the row of zeros that its index names. */
function scatterAdd(updates: Value, indices: Value, shape: readonly number[]): Value {
  const zeros = stored(updates.graph.splat(0, { shape, dtype: updates.dtype }));
  return node(
    "ScatterND",
    [zeros, cast(indices, "int64"), updates],
    { reduction: "add" },
    { shape, dtype: updates.dtype },
  );
}

function stridedSlice(x: Value, attributes: tf.StridedSliceAttrs): Value {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  const info = tf.slice_util.sliceInfo(
    [...x.shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  const part = info.isIdentity ? x : slice(x, info.begin, info.end, info.strides);
  return reshape(part, info.finalShape);
}

defineKernels({
  BatchToSpaceND: ({ x }, { blockShape, crops }) => {
    const block = sizeOf(blockShape);
    const reshaped = tf.backend_util.getReshaped([...x!.shape], blockShape, block);
    const permuted = tf.backend_util.getPermuted(reshaped.length, blockShape.length);
    const flat = tf.backend_util.getReshapedPermuted([...x!.shape], blockShape, block);
    const moved = reshape(transpose(reshape(x!, reshaped), permuted), flat);
    const cropped = flat.map((size, axis): [number, number] => {
      const [before, after] = crops[axis - 1] ?? [0, 0];
      return axis === 0 ? [0, size] : [before, size - after];
    });
    return slice(
      moved,
      cropped.map(([from]) => from),
      cropped.map(([, to]) => to),
    );
  },
  BroadcastTo: ({ x }, { shape }) => expand(x!, shape),
  Concat: (inputs, { axis }) => {
    const values = Object.values(inputs);
    return concat(values, axisOf(axis, values[0]!.shape.length));
  },
  DepthToSpace: ({ x }, { blockSize }) => {
    const [n, h, w, c] = x!.shape as [number, number, number, number];
    const depth = c / (blockSize * blockSize);
    const blocks = transpose(reshape(x!, [n, h, w, blockSize, blockSize, depth]), [0, 1, 3, 2, 4, 5]);
    return reshape(blocks, [n, h * blockSize, w * blockSize, depth]);
  },
  ExpandDims: ({ input }, { dim }) => {
    const shape = [...input!.shape];
    shape.splice(axisOf(dim, shape.length + 1), 0, 1);
    return reshape(input!, shape);
  },
  Fill: (_, { shape, value, dtype }, graph) => graph.splat(Number(value), { shape, dtype: dtype ?? "float32" }),
  GatherNd: ({ params, indices }) => {
    const depth = indices!.shape.at(-1)!;
    const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)];
    return node("GatherND", [params!, cast(indices!, "int64")], {}, { shape, dtype: params!.dtype });
  },
  GatherV2: ({ x, indices }, { axis, batchDims }) => {
    const dimension = axisOf(axis, x!.shape.length);
    if (!batchDims) return gather(x!, cast(indices!, "int32"), dimension);
    if (dimension !== batchDims) throw new Error(`gather of batches along axis ${axis}`);
    const shape = [
      ...x!.shape.slice(0, batchDims),
      ...indices!.shape.slice(batchDims),
      ...x!.shape.slice(dimension + 1),
    ];
    const places = reshape(cast(indices!, "int64"), [...indices!.shape, 1]);
    return node("GatherND", [x!, places], { batch_dims: batchDims }, { shape, dtype: x!.dtype });
  },
  LinSpace: (_, { start, stop, num }, graph) => {
    const gap = num > 1 ? (stop - start) / (num - 1) : 0;
    const values = Array.from({ length: num }, (_, i) => start + i * gap);
    return graph.constant(arrayOf("float32", values), { shape: [num], dtype: "float32" });
  },
  MirrorPad: ({ x }, { paddings, mode }) => {
    if (mode !== "reflect") throw new Error(`mode ${mode}`);
    return pad(x!, paddings, 0, "reflect");
  },
  OneHot: ({ indices }, { depth, onValue, offValue, dtype }, graph) => {
    const type: GraphDType = dtype ?? "int32";
    const classes = graph.constant(
      Int32Array.from({ length: depth }, (_, i) => i),
      { shape: [depth], dtype: "int32" },
    );
    const isOn = equal(reshape(cast(indices!, "int32"), [...indices!.shape, 1]), classes);
    const choice = (value: number) => graph.splat(value, { shape: [], dtype: type });
    return onValue === 1 && offValue === 0 ? cast(isOn, type) : where(isOn, choice(onValue), choice(offValue));
  },
  Pack: (inputs, { axis }) => {
    const values = Object.values(inputs);
    const shape = [...values[0]!.shape];
    const dimension = axisOf(axis, shape.length + 1);
    shape.splice(dimension, 0, 1);
    return concat(
      values.map((value) => reshape(value, shape)),
      dimension,
    );
  },
  PadV2: ({ x }, { paddings, constantValue }) => pad(x!, paddings, constantValue ?? 0),
  Range: (_, { start, stop, step, dtype }, graph) => {
    const values = Array.from({ length: Math.max(0, Math.ceil((stop - start) / step)) }, (_, i) => start + i * step);
    return graph.constant(arrayOf(dtype, values), { shape: [values.length], dtype });
  },
  Reshape: ({ x }, { shape }) => reshape(x!, tf.util.inferFromImplicitShape(shape, sizeOf(x!.shape))),
  Reverse: ({ x }, { dims }) => {
    const axes: number[] = (typeof dims === "number" ? [dims] : dims).map((axis: number) =>
      axisOf(axis, x!.shape.length),
    );
    if (axes.length === 0) return x!;
    const flip = (list: readonly number[], other: number) => list.map((size, i) => (axes.includes(i) ? other : size));
    return slice(
      x!,
      x!.shape.map((size, i) => (axes.includes(i) ? size - 1 : 0)),
      flip(x!.shape, -1),
      flip(
        x!.shape.map(() => 1),
        -1,
      ),
    );
  },
  ScatterNd: ({ indices, updates }, { shape }) => scatterAdd(updates!, indices!, shape),
  Slice: ({ x }, { begin, size }) => {
    const from: number[] = typeof begin === "number" ? [begin] : begin;
    const [first, counts] = tf.slice_util.parseSliceParams(
      { shape: x!.shape } as tf.TensorInfo & { shape: number[] },
      from,
      size,
    );
    return slice(
      x!,
      first!,
      first!.map((start, i) => start + counts![i]!),
    );
  },
  SpaceToBatchND: ({ x }, { blockShape, paddings }) => {
    const all = [[0, 0], ...paddings, ...x!.shape.slice(1 + blockShape.length).map(() => [0, 0])] as [number, number][];
    const padded = pad(x!, all);
    const block = sizeOf(blockShape);
    const reshaped = tf.backend_util.getReshaped([...padded.shape], blockShape, block, false);
    const permuted = tf.backend_util.getPermuted(reshaped.length, blockShape.length, false);
    const flat = tf.backend_util.getReshapedPermuted([...padded.shape], blockShape, block, false);
    return reshape(transpose(reshape(padded, reshaped), permuted), flat);
  },
  SplitV: ({ x }, { numOrSizeSplits, axis }) => {
    const dimension = axisOf(axis, x!.shape.length);
    const sizes = tf.backend_util.prepareSplitSize(
      { shape: x!.shape } as unknown as tf.Tensor,
      numOrSizeSplits,
      dimension,
    );
    return split(x!, sizes, dimension);
  },
  StridedSlice: ({ x }, attributes) => stridedSlice(x!, attributes),
  Tile: ({ x }, { reps }) => {
    const shape = x!.shape.map((size, i) => size * reps[i]);
    if (x!.shape.every((size, i) => size === 1 || reps[i] === 1)) return expand(x!, shape);
    return node("Tile", [x!, x!.graph.integers(reps)], {}, { shape, dtype: x!.dtype });
  },
  Transpose: ({ x }, { perm }) => transpose(x!, perm),
  Unpack: ({ value }, { axis }) => {
    const dimension = axisOf(axis, value!.shape.length);
    const shape = value!.shape.filter((_, i) => i !== dimension);
    const parts = split(value!, Array(value!.shape[dimension]).fill(1), dimension);
    return parts.map((part) => reshape(part, shape));
  },
  UnsortedSegmentSum: ({ x, segmentIds }, { numSegments }) => {
    const count = sizeOf(segmentIds!.shape);
    const row = x!.shape.slice(segmentIds!.shape.length);
    return scatterAdd(reshape(x!, [count, ...row]), reshape(segmentIds!, [count, 1]), [numSegments, ...row]);
  },
});
