import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Matrix } from "../../src/core/matrix.js";
import { RandomStream } from "../../src/core/random.js";
import { relieve } from "../../src/engine/lifetime/pressure.js";
import { drawFrom } from "../../src/engine/random-tensors.js";
import { tf } from "../../src/engine/tf.js";
import { loadModel } from "../../src/models/load-model.js";
import { saveModel } from "../../src/models/save-model.js";
import { sgd } from "../../src/optimizers/sgd.js";
import { compileStep } from "../../src/training/compile-step.js";
import { fit } from "../../src/training/fit.js";
import { trainableVariables, valueAndGradients } from "../../src/training/host-update.js";
import { temporaryFolder } from "../models/temporary-folder.js";

/** A layer, or a function of symbolic tensors that is made of layers. */
export type Made = tf.layers.Layer | ((...x: tf.SymbolicTensor[]) => tf.SymbolicTensor | tf.SymbolicTensor[]);

export interface LayerCase {
  /** A new one at each call. */
  readonly make: () => Made;
  /** Of one row; several for several inputs. */
  readonly inputShape: readonly number[] | readonly (readonly number[])[];
  /** Inputs are whole numbers from 0 to below this, and have no gradient. */
  readonly ids?: number;
  /** From {@link readFixture}: what another library computes. */
  readonly fixture?: LayerFixture | readonly LayerFixture[];
  /** In which modes finite differences hold; not where training moves a weight that it then uses. @default both */
  readonly differentiable?: readonly ("training" | "inference")[];
  /** Says why the step runs operation by operation. @default it is compiled */
  readonly notCompiled?: string;
}

interface Numbers {
  readonly shape: number[];
  readonly values: number[];
}

/** One case of a file that `test/reference/layers/layer_fixture.py` wrote. */
export interface LayerFixture {
  readonly madeWith: string;
  readonly name: string;
  readonly training: boolean;
  readonly inputs: readonly Numbers[];
  readonly masks?: readonly (Numbers | null)[];
  readonly weights: readonly (Numbers & { readonly name: string })[];
  readonly outputs: readonly Numbers[];
  readonly inputGradients: readonly (Numbers | null)[];
  readonly weightGradients: readonly (Numbers | null)[];
  readonly weightsAfter?: readonly Numbers[];
}

/** The cases of `test/reference/ROOM/fixtures/NAME.json`, by name. */
export function readFixture(name: string, room = "layers"): (caseName: string) => LayerFixture {
  const path = join(import.meta.dirname, "../reference", room, "fixtures", `${name}.json`);
  const { madeWith, cases } = JSON.parse(readFileSync(path, "utf8"));
  return (caseName) => {
    if (cases[caseName] === undefined) throw new Error(`${name}.json has no case "${caseName}"`);
    return { madeWith, name: caseName, ...cases[caseName] };
  };
}

/**
 * Every layer passes this, ours and the user's: a new one is a line in a table and its fixture.
 *
 * @example
 * layerContract("rmsNormalization", {
 *   make: () => layers.rmsNormalization(),
 *   inputShape: [4, 5],
 *   fixture: fixture("rmsNormalization"),
 * });
 */
export function layerContract(name: string, layer: LayerCase): void {
  const { differentiable = ["training", "inference"], notCompiled = null } = layer;
  const fixtures = [layer.fixture ?? []].flat();

  describe(`${name} keeps the layer contract`, () => {
    it("gives the shapes that it promises", () => {
      const model = modelOf(layer);
      for (const nRows of [1, 3]) {
        tf.tidy(() => {
          const outputs = call(model, rowsFor(layer, nRows), false);
          const promised = model.outputs.map(({ shape }) => [nRows, ...shape.slice(1)]);
          expect(outputs.map((output) => output.shape)).toEqual(promised);
        });
      }
      model.dispose();
    });

    for (const fixture of fixtures) {
      const { madeWith, name: caseName, training } = fixture;
      it(`has outputs, gradients and weights of ${madeWith}: ${caseName}${training ? " (training)" : ""}`, () => {
        checkFixture(layer, fixture);
      });
    }

    it.each(differentiable)("has the gradients of finite differences, %s", (mode) => {
      checkDifferences(layer, mode === "training");
    });

    it("has the same losses and weights compiled and operation by operation, and learns", () => {
      checkCompiled(layer, notCompiled);
    });

    it("is the same after saving and loading, bit for bit, and says the same of itself", async () => {
      const model = modelOf(layer);
      randomise(model);
      const path = join(temporaryFolder(), "model.safetensors");
      await saveModel(model, path);
      const loaded = await loadModel(path);
      expect(read(loaded.weights)).toEqual(read(model.weights));
      expect(outputsOf(loaded, layer)).toEqual(outputsOf(model, layer));
      const configs = ({ layers }: tf.LayersModel) =>
        layers.map((inner) => JSON.parse(JSON.stringify(inner.getConfig())));
      expect(configs(loaded)).toEqual(configs(model));
      model.dispose();
      loaded.dispose();
    });

    it("is frozen still after saving and loading", async () => {
      const model = modelOf(layer);
      model.trainable = false;
      const path = join(temporaryFolder(), "model.safetensors");
      await saveModel(model, path);
      const loaded = await loadModel(path);
      for (const inner of loaded.layers)
        expect({ layer: inner.name, frozen: !inner.trainable }).toEqual({ layer: inner.name, frozen: true });
      expect(loaded.trainableWeights).toEqual([]);
      model.dispose();
      loaded.dispose();
    });

    it.each([true, false])("trains in fit, and stays as it is where it is frozen (compile: %s)", async (compile) => {
      if (isSeveral(layer.inputShape)) return; // fit takes one input
      const free = await train(layer, compile && notCompiled === null, false);
      expect(free.losses.at(-1)).toBeLessThan(free.losses[0]!);
      const frozen = await train(layer, compile && notCompiled === null, true);
      expect(frozen.after).toEqual(frozen.before);
    });

    it("leaves no tensor behind", () => {
      const model = modelOf(layer);
      const variables = trainableVariables(model);
      const random = RandomStream.of(1, "dropout");
      const rows = rowsFor(layer, 2);
      const work = () => {
        drawFrom(random, () => tf.dispose(call(model, rows, false)));
        if (variables.length === 0) return;
        const { value, gradients } = drawFrom(random, () =>
          valueAndGradients(() => weighed(model, rows, true), variables),
        );
        tf.dispose([value, gradients]);
      };
      work();
      relieve(); // of what other tests left to be collected
      const before = tf.memory().numTensors;
      for (let i = 0; i < 3; i++) work();
      // V8 may still have held one of another test when the count was taken; a leak leaves three behind.
      expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
      model.dispose();
    });
  });
}

/** A model that is the layer alone. */
export function modelOf({ make, inputShape }: Pick<LayerCase, "make" | "inputShape">): tf.LayersModel {
  const inputs = shapesOf(inputShape).map((shape) => tf.input({ shape: [...shape] }));
  const made = make();
  const outputs =
    made instanceof tf.layers.Layer
      ? (made.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.SymbolicTensor)
      : made(...inputs);
  return tf.model({ inputs, outputs });
}

function isSeveral(shape: LayerCase["inputShape"]): shape is readonly (readonly number[])[] {
  return Array.isArray(shape[0]);
}

function shapesOf(shape: LayerCase["inputShape"]): readonly (readonly number[])[] {
  return isSeveral(shape) ? shape : [shape as readonly number[]];
}

/** Far enough apart that no step of the differences makes another value the largest, or takes one over a kink at 0. */
const spacing = 0.03;

/** Different values around 0 in random order. */
function spaced(shape: readonly number[], random: RandomStream): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  const ranks = random.shuffle(Float32Array.from({ length: size }, (_, i) => i));
  const gap = Math.max(spacing, 1.5 / size);
  return tf.tensor(
    ranks.map((rank) => (rank - Math.floor(size / 2) + 0.45) * gap),
    [...shape],
  );
}

function rowsFor({ inputShape, ids }: LayerCase, nRows: number): tf.Tensor[] {
  const random = RandomStream.of(3, "data");
  const shapes = shapesOf(inputShape).map((row) => [nRows, ...row]);
  const sizes = shapes.map((shape) => tf.util.sizeFromShape(shape));
  if (ids !== undefined) {
    return shapes.map((shape, i) =>
      tf.tensor(
        Float32Array.from({ length: sizes[i]! }, () => random.integer(ids)),
        shape,
      ),
    );
  }
  // Together, so that no value of one input is that of another.
  return tf.tidy(() => {
    const all = spaced([sizes.reduce((sum, size) => sum + size, 0)], random);
    return tf.split(all, sizes).map((values, i) => tf.reshape(values, shapes[i]!));
  });
}

/** Weights that no initializer gives, so that one which is left out shows. */
function randomise(model: tf.LayersModel): void {
  const random = RandomStream.of(2, "data");
  for (const weight of model.trainableWeights) {
    tf.tidy(() => {
      weight.write(tf.add(spaced(weight.shape as number[], random), 0.2));
    });
  }
}

function read(weights: readonly { read(): tf.Tensor }[]): number[][] {
  return weights.map((weight) => Array.from(weight.read().dataSync()));
}

function call(model: tf.LayersModel, inputs: tf.Tensor[], training: boolean, mask?: object): tf.Tensor[] {
  return [model.apply(inputs.length === 1 ? inputs[0]! : inputs, { training, ...mask }) as tf.Tensor].flat();
}

function outputsOf(model: tf.LayersModel, layer: LayerCase): number[][] {
  return tf.tidy(() => call(model, rowsFor(layer, 3), false).map((output) => Array.from(output.dataSync())));
}

/** One number in which no two outputs count the same, with what the layer adds to the loss. */
function weighed(model: tf.LayersModel, inputs: tf.Tensor[], training: boolean, mask?: object): tf.Scalar {
  const sums = call(model, inputs, training, mask).map((output) => {
    const weights = Float32Array.from({ length: output.size }, (_, i) => Math.sin(1.7 * i) + 0.3);
    return tf.sum(tf.mul(output, tf.tensor(weights, output.shape)));
  });
  return tf.addN([...sums, ...model.calculateLosses()]) as tf.Scalar;
}

/** Distance relative to the largest number that is expected, at least 1. */
function distance(got: ArrayLike<number>, expected: readonly number[]): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return expected.reduce((most, value, i) => {
    const error = Math.abs(got[i]! - value) / largest;
    return Number.isFinite(error) ? Math.max(most, error) : Number.POSITIVE_INFINITY;
  }, 0);
}

function expectNear(what: string, got: tf.Tensor, expected: Numbers): void {
  expect({ what, shape: got.shape }).toEqual({ what, shape: expected.shape });
  const error = distance(got.dataSync(), expected.values);
  if (error > 1e-5) throw new Error(`${what} differ by ${error} from the fixture: ${got} against ${expected.values}`);
}

function checkFixture({ make }: LayerCase, fixture: LayerFixture): void {
  const model = modelOf({ make, inputShape: fixture.inputs.map(({ shape }) => shape.slice(1)) });
  const weights = inOrder(model, fixture);
  tf.tidy(() => {
    const tensors = (list: readonly (Numbers | null)[], dtype: "float32" | "bool") =>
      list.map((numbers) => numbers && tf.tensor(numbers.values, numbers.shape, dtype));
    for (const [i, value] of tensors(fixture.weights, "float32").entries()) weights[i]!.write(value!);
    const inputs = tensors(fixture.inputs, "float32") as tf.Tensor[];
    const masks = tensors(fixture.masks ?? [], "bool") as tf.Tensor[];
    const mask = masks.length === 0 ? {} : { mask: masks.length === 1 ? masks[0] : masks };
    const variables = weights.map((weight) => weight.read() as tf.Variable);
    const isTrained = (i: number) => fixture.weightGradients[i] !== null;
    // Whole numbers have no gradient.
    const hasGradient = (i: number) => fixture.inputGradients[i] !== null;
    const before = variables.map((variable) => variable.clone());
    // Gradients first: they run the layer once, and once is what the weights after it are of.
    const all = [...inputs.filter((_, i) => hasGradient(i)), ...variables.filter((_, i) => isTrained(i))];
    const value = (...given: tf.Tensor[]) => {
      const left = [...given];
      const rows = inputs.map((input, i) => (hasGradient(i) ? left.shift()! : input));
      return weighed(model, rows, fixture.training, mask);
    };
    const gradients = all.length > 0 ? tf.grads(value)(all) : [];
    for (const [i, after] of (fixture.weightsAfter ?? []).entries()) {
      expectNear(`${fixture.weights[i]!.name} after the step`, variables[i]!, after);
    }
    for (const [i, expected] of fixture.inputGradients.entries()) {
      if (expected) expectNear(`gradients of input ${i}`, gradients.shift()!, expected);
    }
    for (const expected of fixture.weightGradients) {
      if (expected) expectNear("gradients of a weight", gradients.shift()!, expected);
    }
    for (const [i, variable] of variables.entries()) variable.assign(before[i]!);
    const outputs = call(model, inputs, fixture.training, mask);
    expect(outputs).toHaveLength(fixture.outputs.length);
    for (const [i, expected] of fixture.outputs.entries()) expectNear(`outputs ${i}`, outputs[i]!, expected);
  });
  model.dispose();
}

/** The weights of the model in the order of the fixture: those with its names first, the rest in their own order. */
function inOrder(model: tf.LayersModel, { weights }: LayerFixture) {
  const left = [...model.weights];
  expect(left).toHaveLength(weights.length);
  const taken = weights.map(({ name, shape }) => {
    const last = (text: string) => text.split("/").at(-1)!.replace(/_\d+$/, "");
    const found = left.findIndex((own) => last(own.originalName) === last(name) && String(own.shape) === String(shape));
    if (found < 0) throw new Error(`no weight "${name}" (${shape}), but ${left.map((own) => own.originalName)}`);
    return left.splice(found, 1)[0]!;
  });
  return taken;
}

function checkDifferences(layer: LayerCase, training: boolean): void {
  const step = 0.01;
  const model = modelOf(layer);
  randomise(model);
  const first = model.weights.map((weight) => weight.read().clone());
  const reset = () => {
    for (const [i, weight] of model.weights.entries()) weight.write(first[i]!);
  };
  tf.tidy(() => {
    const inputs = rowsFor(layer, 2);
    const loss = (...given: tf.Tensor[]) => {
      reset();
      return drawFrom(RandomStream.of(4, "dropout"), () => weighed(model, given.slice(0, inputs.length), training));
    };
    const variables = trainableVariables(model);
    const movable = [...(layer.ids === undefined ? inputs : []), ...variables];
    if (movable.length === 0) return;
    const gradients = tf.grads((...moved) =>
      loss(...(layer.ids === undefined ? moved.slice(0, inputs.length) : inputs)),
    )(movable);
    for (const [k, gradient] of gradients.entries()) {
      const subject = movable[k]!;
      const own = subject.dataSync().slice();
      const at = (i: number, change: number) => {
        const values = own.map((value, j) => (j === i ? value + change : value));
        return tf.tidy(() => {
          const moved = tf.tensor(values, subject.shape);
          const index = inputs.indexOf(subject);
          if (index >= 0) return loss(...inputs.map((input, j) => (j === index ? moved : input))).dataSync()[0]!;
          const weight = model.weights.findIndex((known) => known.read() === subject);
          const kept = first[weight]!;
          first[weight] = moved;
          const value = loss(...inputs).dataSync()[0]!;
          first[weight] = kept;
          return value;
        });
      };
      const expected = Array.from(own, (_, i) => (at(i, step) - at(i, -step)) / (2 * step));
      expect(distance(gradient.dataSync(), expected)).toBeLessThan(1e-3);
    }
  });
  tf.dispose(first);
  model.dispose();
}

function checkCompiled(layer: LayerCase, notCompiled: string | null): void {
  const nSteps = 5;
  const seed = 6;
  const rows = rowsFor(layer, 4);
  /** The layer between weights of ours, so that each layer has something to learn. */
  const start = () => {
    const model = modelOf(layer);
    randomise(model);
    const factor = tf.variable(tf.scalar(0.7));
    const loss = (...inputs: tf.Tensor[]) => {
      const scaled = layer.ids === undefined ? inputs.map((input) => tf.mul(input, factor)) : inputs;
      const outputs = call(model, scaled, true).map((output) => tf.mean(tf.square(tf.sub(tf.mul(output, factor), 1))));
      return tf.addN([...outputs, ...model.calculateLosses()]);
    };
    return { model, loss, variables: [factor, ...trainableVariables(model)], optimizer: sgd({ learningRate: 0.01 }) };
  };
  const end = ({ model, variables }: ReturnType<typeof start>) => {
    const weights = [variables[0]!, ...model.weights.map((weight) => weight.read())];
    return weights.map((weight) => Array.from(weight.dataSync()));
  };
  const eager = start();
  const random = RandomStream.of(seed, "dropout");
  const expected = Array.from({ length: nSteps }, () =>
    tf.tidy(() => {
      const { value, gradients } = drawFrom(random, () =>
        valueAndGradients(() => eager.loss(...rows), eager.variables),
      );
      eager.optimizer.apply(gradients, eager.variables);
      return value.dataSync()[0]!;
    }),
  );
  const compiled = start();
  const step = compileStep(compiled.loss, { variables: compiled.variables, optimizer: compiled.optimizer, seed });
  const got = Array.from({ length: nSteps }, () => step(...rows));
  expect(step.notCompiled).toBe(notCompiled);
  expect(distance(got, expected)).toBeLessThan(1e-5);
  const weights = end(compiled);
  for (const [i, values] of end(eager).entries()) expect(distance(weights[i]!, values)).toBeLessThan(1e-5);
  step.dispose();
  for (const { model, variables, optimizer } of [eager, compiled]) {
    model.dispose();
    variables[0]!.dispose();
    optimizer.dispose();
  }
  tf.dispose(rows);
}

/** A dense head on the layer learns the sum of a row, in `fit`. */
async function train(layer: LayerCase, compile: boolean, isFrozen: boolean) {
  const nRows = 24;
  const inner = modelOf(layer);
  inner.trainable = !isFrozen;
  const input = tf.input({ shape: [...(layer.inputShape as number[])] });
  const outputs = [inner.apply(input) as tf.SymbolicTensor].flat().map((output) => {
    return output.shape.length === 2 ? output : (tf.layers.flatten().apply(output) as tf.SymbolicTensor);
  });
  const merged = outputs.length === 1 ? outputs[0]! : (tf.layers.concatenate().apply(outputs) as tf.SymbolicTensor);
  const head = tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) });
  const model = tf.model({ inputs: input, outputs: head.apply(merged) as tf.SymbolicTensor });
  const [rows] = rowsFor(layer, nRows);
  const nColumns = rows!.size / nRows;
  const largest = layer.ids ?? 1;
  const x = new Matrix(
    Float64Array.from(rows!.dataSync(), (v) => (layer.ids ? v : Math.tanh(v))),
    nRows,
    nColumns,
  );
  const y = Float64Array.from(
    { length: nRows },
    (_, i) => 2 + Array.from(x.row(i)).reduce((a, b) => a + b, 0) / nColumns / largest,
  );
  const before = read(inner.weights);
  const run = await fit(model, {
    train: { x, y },
    loss: "meanSquaredError",
    optimizer: "sgd",
    learningRate: 0.01,
    epochs: 6,
    batchSize: 8,
    compile,
    callbacks: [],
  });
  expect(run.status).toBe("completed");
  const after = read(inner.weights);
  const losses = run.history.values("loss");
  model.dispose();
  tf.dispose(rows!);
  return { before, after, losses };
}
