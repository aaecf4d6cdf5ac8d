// What layers with several inputs take.
import type { tf } from "../../engine/tf.js";
import { type Check, misfit } from "./misfit.js";

/** Add, subtract, average, ...: sizes that are equal, or 1 on one side, counted from the last axis. */
export const elementwise: Check = several((incoming) => {
  const { shapes } = incoming;
  for (const shape of shapes.slice(1)) {
    const fits = shape.slice(1).every((_, i) => {
      const [a, b] = [shapes[0]!, shape].map((sizes) => (sizes.length - i - 1 >= 1 ? sizes.at(-1 - i) : 1));
      return a === b || a === 1 || b === 1 || a === null || b === null;
    });
    if (!fits) throw misfit(incoming, "takes inputs of one shape", projection(shapes[0]!, shape));
  }
});

export const concatenation: Check = several((incoming) => {
  const { shapes, config } = incoming;
  const first = shapes[0]!;
  const axis = (config.axis as number) < 0 ? first.length + (config.axis as number) : (config.axis as number);
  const where = `takes inputs that differ in axis ${config.axis} only`;
  if (axis < 1 || axis >= first.length) {
    throw misfit(incoming, where, `use an axis from 1 to ${first.length - 1}, or -1 for the last`);
  }
  for (const shape of shapes.slice(1)) {
    if (shape.length !== first.length) throw misfit(incoming, where, "bring them to one rank with layers.reshape");
    const wrong = shape.findIndex((size, i) => i > 0 && i !== axis && size !== first[i] && size && first[i]);
    if (wrong > 0) throw misfit(incoming, where, `make axis ${wrong} equal, or join along that axis (axis: ${wrong})`);
  }
});

export const dotProduct: Check = several((incoming) => {
  const { shapes, config } = incoming;
  if (shapes.length !== 2) throw misfit(incoming, "takes two inputs", "leave the others out");
  const axes = [config.axes].flat() as number[];
  const sizes = shapes.map((shape, i) => shape.at(at(shape, axes[i] ?? axes[0]!)));
  if (sizes.some((size) => size === undefined) || (sizes[0] !== sizes[1] && !sizes.includes(null))) {
    throw misfit(incoming, `takes inputs of one size along axes ${axes.join(" and ")}`, "say other axes");
  }
});

function at(shape: tf.Shape, axis: number): number {
  return axis < 0 ? shape.length + axis : axis;
}

function several(check: Check): Check {
  return (incoming) => {
    if (incoming.shapes.length < 2) {
      throw misfit(incoming, "takes an array of two inputs or more", "write apply([a, b])");
    }
    check(incoming);
  };
}

/** The layer that makes the larger of two images, or the shorter of two rows, like the other. */
function projection(a: tf.Shape, b: tf.Shape): string {
  const [from, to] = isSmaller(a, b) ? [b, a] : [a, b];
  if (a.length === 2 && b.length === 2) return `project one with layers.dense({ units: ${a[1]} })`;
  if (a.length !== 4 || b.length !== 4) return "make their sizes equal first";
  const strides = [1, 2].map((axis) => Number(from[axis]) / Number(to[axis]));
  const isWhole = strides.every((stride) => Number.isInteger(stride) && stride === strides[0]);
  if (!isWhole) return 'make their heights and widths equal first, for example with padding: "same"';
  const stride = strides[0] === 1 ? "" : `, strides: ${strides[0]}`;
  return `project one with layers.conv2d({ filters: ${to[3]}, kernelSize: 1${stride} })`;
}

function isSmaller(a: tf.Shape, b: tf.Shape): boolean {
  return Number(a[1]) < Number(b[1]);
}
