/** Whose kernel it is, where the shape alone does not tell how many numbers a unit sums up. */
export const kernelKinds = ["depthwise", "transposed"] as const;
export type KernelKind = (typeof kernelKinds)[number];

export interface Fans {
  /** Numbers that one output sums up. */
  readonly fanIn: number;
  /** Outputs that one input goes into. */
  readonly fanOut: number;
}

/**
 * Of a kernel `(..., channelsIn, channelsOut)`, as Keras counts. A grouped convolution has `channelsIn / groups` there.
 *
 * By its shape alone a depthwise kernel `(..., channels, multiplier)` would seem to sum over the channels, and a transposed one,
 * `(..., channelsOut, channelsIn)`, to do so the other way round: so Keras has it without `kind`.
 */
export function fansOf(shape: readonly number[], kind?: KernelKind): Fans {
  const [last = 1, beforeLast = last] = [...shape].reverse();
  const positions = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  if (kind === "depthwise") return { fanIn: positions, fanOut: positions * last };
  const [fanIn, fanOut] = [positions * beforeLast, positions * last];
  return kind === "transposed" ? { fanIn: fanOut, fanOut: fanIn } : { fanIn, fanOut };
}
