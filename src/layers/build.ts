import { checkNumber, show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { seeded } from "./initializers/seeded.js";
import "./pipe.js";
import type { Shape } from "./shapes.js";
import "./stock/checked-apply.js";
import { rename, reserveName, withPlainNames } from "./stock/plain-names.js";
import type { Value } from "./value.js";

export interface BuildOptions {
  /** The name of the model, which its summary and saved files say. @default "model" */
  readonly name?: string;
  /** Of the first weights: the same seed gives the same ones, bit for bit. @default 0 */
  readonly seed?: number;
}

/** Shapes of inputs by name. */
export type InputShapes = Readonly<Record<string, Shape>>;

/** What the function of {@link build} gets: for one input its value, for several an object with a value for each. */
export type InputValues<Inputs extends Shape | InputShapes> = Inputs extends Shape
  ? Value<Inputs>
  : { readonly [Name in keyof Inputs]: Inputs[Name] extends Shape ? Value<Inputs[Name]> : never };

/** One output, or several by name. */
export type Outputs = tf.SymbolicTensor | Readonly<Record<string, tf.SymbolicTensor>>;

/**
 * A model from a function: what it does with a symbolic tensor is what the model does with each batch. Layers without a name
 * get one from their kind and place, `conv2d_1`, `conv2d_2`, the same whenever the cell runs.
 *
 * @param inputs - The shape of a row, without the batch: `[28, 28, 1]`; `null` for a size that differs between batches. For
 * several inputs an object of shapes, whose names are those of the model's inputs.
 * @param body - Gets the input and returns the output. For several outputs it returns an object; its names are those of the
 * model's outputs.
 * @throws ShapeError when a layer does not take what comes: it names the layer, both shapes and the fix.
 *
 * @example
 * const model = build([28, 28, 1], (x) =>
 *   x.pipe(layers.conv2d({ filters: 8, kernelSize: 3, activation: "relu" }), layers.flatten(), layers.dense({ units: 10 })),
 * );
 */
export function build<const Inputs extends Shape | InputShapes>(
  inputs: Inputs,
  body: (x: InputValues<Inputs>) => Outputs,
  options: BuildOptions = {},
): tf.LayersModel {
  const { name = "model", seed = 0 } = options;
  if (typeof body !== "function") {
    throw new OptionError(
      `build: takes a shape and a function of the input, got ${show(body)}. Write build([28, 28, 1], (x) => ...).`,
    );
  }
  checkNumber("build", "seed", seed, { integer: true });
  return seeded(seed, () => withPlainNames(() => assemble(inputs, body as Body, name)));
}

type Body = (x: unknown) => unknown;

function assemble(inputs: Shape | InputShapes, body: Body, name: string): tf.LayersModel {
  if (Array.isArray(inputs)) {
    const x = input("input", inputs);
    return model([x], body(x), name);
  }
  if (inputs === null || typeof inputs !== "object" || Object.keys(inputs).length === 0) {
    throw new ShapeError(
      `build: the input must be a shape like [28, 28, 1] or an object of shapes, got ${show(inputs)}.`,
    );
  }
  const values = Object.entries(inputs).map(([key, shape]) => [key, input(key, shape)] as const);
  return model(
    values.map(([, x]) => x),
    body(Object.fromEntries(values)),
    name,
  );
}

function input(name: string, shape: Shape): tf.SymbolicTensor {
  const isSize = (size: unknown) => size === null || (Number.isInteger(size) && (size as number) > 0);
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every(isSize)) {
    const got = Array.isArray(shape) ? `[${shape.map(String).join(", ")}]` : show(shape);
    throw new ShapeError(
      `build: the shape of ${name} must be an array of sizes from 1, the batch left out, like [28, 28, 1] or [null, 8], got ${got}.`,
    );
  }
  reserveName(name);
  return tf.input({ shape: [...shape], name });
}

function model(inputs: tf.SymbolicTensor[], outputs: unknown, name: string): tf.LayersModel {
  if (outputs instanceof tf.SymbolicTensor) return connected(inputs, [checkOutput("the output", outputs)], name);
  const isObject = outputs !== null && typeof outputs === "object" && !Array.isArray(outputs);
  if (!isObject || outputs instanceof tf.Tensor || Object.keys(outputs).length === 0) {
    throw new OptionError(
      `build: the function must return a symbolic tensor or an object of them, got ${show(outputs)}. Return x.pipe(...).`,
    );
  }
  const entries = Object.entries(outputs);
  const taken = entries.find(([key]) => inputs.some(({ sourceLayer }) => sourceLayer.name === key));
  if (taken !== undefined) {
    throw new OptionError(
      `build: ${show(taken[0])} is the name of an input and of an output; name the output otherwise.`,
    );
  }
  return connected(
    inputs,
    entries.map(([key, y]) => named(key, checkOutput(`the output ${show(key)}`, y))),
    name,
  );
}

function checkOutput(what: string, y: unknown): tf.SymbolicTensor {
  if (!(y instanceof tf.SymbolicTensor)) {
    throw new OptionError(`build: ${what} must be a symbolic tensor, which layers give, got ${show(y)}.`);
  }
  return y;
}

/** The names of a model's outputs are those of the layers that give them. */
function named(name: string, y: tf.SymbolicTensor): tf.SymbolicTensor {
  if (y.sourceLayer.name === name || rename(y.sourceLayer, name)) return y;
  return tf.layers.activation({ activation: "linear", name }).apply(y) as tf.SymbolicTensor;
}

function connected(inputs: tf.SymbolicTensor[], outputs: tf.SymbolicTensor[], name: string): tf.LayersModel {
  const reached = sources(outputs);
  const loose = inputs.find((x) => !reached.has(x));
  if (loose !== undefined) {
    throw new ShapeError(
      `build: the output does not come from ${loose.sourceLayer.name}; use it in the function or leave the input out.`,
    );
  }
  const foreign = [...reached].find((x) => x.inputs.length === 0 && !inputs.includes(x));
  if (foreign !== undefined) {
    throw new ShapeError(
      `build: the output also comes from ${foreign.sourceLayer.name}, an input of another model; use only the inputs that the function gets.`,
    );
  }
  return tf.model({ inputs, outputs, name });
}

/** All symbolic tensors that `outputs` are made of. */
function sources(outputs: readonly tf.SymbolicTensor[]): Set<tf.SymbolicTensor> {
  const seen = new Set<tf.SymbolicTensor>();
  const open = [...outputs];
  for (let x = open.pop(); x !== undefined; x = open.pop()) {
    if (seen.size < seen.add(x).size) open.push(...x.inputs);
  }
  return seen;
}
