import { show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import type { PipeOf } from "./pipe-types.js";

declare module "@tensorflow/tfjs-layers/dist/engine/topology.js" {
  interface SymbolicTensor {
    /**
     * Sends this through layers, and functions that apply layers, one after the other. Where the compiler knows the shapes, a
     * layer that does not take what comes is an error in the cell.
     *
     * @throws ShapeError when a layer does not take what comes; it names the layer, both shapes and the fix.
     *
     * @example
     * x.pipe(layers.conv2d({ filters: 8, kernelSize: 3 }), layers.flatten(), layers.dense({ units: 10 }));
     */
    pipe: PipeOf;
  }
}

function pipe(this: tf.SymbolicTensor, ...steps: readonly unknown[]): tf.SymbolicTensor {
  if (steps.length === 0) throw new OptionError("pipe: takes at least one layer or function, got none.");
  return steps.reduce<tf.SymbolicTensor>((x, step, i) => {
    const y = after(x, step, i + 1);
    if (y instanceof tf.SymbolicTensor) return y;
    const advice =
      y instanceof tf.layers.Layer ? ` Write layers.${(step as { name: string }).name}() with its brackets.` : "";
    throw new OptionError(`pipe: step ${i + 1} must give one symbolic tensor to the next, got ${show(y)}.${advice}`);
  }, this);
}

function after(x: tf.SymbolicTensor, step: unknown, position: number): unknown {
  if (step instanceof tf.layers.Layer) return step.apply(x);
  if (typeof step === "function") return step(x);
  throw new OptionError(
    `pipe: step ${position} must be a layer or a function of a symbolic tensor, got ${show(step)}. Write (x) => ... around anything else.`,
  );
}

Object.defineProperty(tf.SymbolicTensor.prototype, "pipe", { value: pipe, configurable: true, writable: true });
