import { afterEach, describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../../src/core/random.js";
import { tf } from "../../../src/engine/tf.js";
import "../../../src/layers/convolution/causal-convolution.js";
import { losses } from "../../../src/losses/losses.js";
import { sgd } from "../../../src/optimizers/sgd.js";
import { fit } from "../../../src/training/fit.js";

// Small models made at random, from layers that fit one behind the other: trained compiled and operation by operation, they
// end at the same weights.

const L = tf.layers;
type Shape = number[];
type Layer = tf.layers.Layer;

function pick<T>(random: RandomStream, list: readonly T[]): T {
  return list[random.integer(list.length)]!;
}

const activations = ["relu", "tanh", "sigmoid", "elu", "softplus", "swish", "linear", "softmax"] as const;

/** A layer that takes what has `shape` (without the batch). */
function layerFor(shape: Shape, random: RandomStream, seed: () => number): Layer {
  const activation = pick(random, activations);
  const kernelInitializer = () => tf.initializers.glorotUniform({ seed: seed() });
  const anywhere: (() => Layer)[] = [
    () => L.activation({ activation: pick(random, activations) }),
    () => L.dropout({ rate: 0.3 }),
    () => L.batchNormalization(),
    () => L.layerNormalization(),
    () => L.gaussianNoise({ stddev: 0.1 }),
    () => L.leakyReLU({ alpha: 0.2 }),
  ];
  const flat: (() => Layer)[] = [
    () => L.dense({ units: 1 + random.integer(6), activation, kernelInitializer: kernelInitializer() }),
    () => L.dense({ units: 3, useBias: false, kernelInitializer: kernelInitializer(), kernelRegularizer: "l1l2" }),
    () => L.reshape({ targetShape: [shape[0]!, 1] }),
  ];
  const padding = pick(random, ["same", "causal", "valid"] as const);
  const steps: (() => Layer)[] = [
    () => L.conv1d({ filters: 3, kernelSize: 2, padding, activation, kernelInitializer: kernelInitializer() }),
    () => recurrent(random, kernelInitializer),
    () => L.bidirectional({ layer: recurrent(random, kernelInitializer, true) as never, mergeMode: "concat" }),
    () => L.globalAveragePooling1d(),
    () => L.globalMaxPooling1d(),
    () => L.timeDistributed({ layer: L.dense({ units: 2, kernelInitializer: kernelInitializer() }) }),
    () => L.flatten(),
    () => L.permute({ dims: [2, 1] }),
  ];
  const stride = 1 + random.integer(2);
  const images: (() => Layer)[] = [
    () =>
      L.conv2d({
        filters: 3,
        kernelSize: pick(random, [1, 2, 3]),
        strides: stride,
        padding: "same",
        activation,
        kernelInitializer: kernelInitializer(),
      }),
    () => L.depthwiseConv2d({ kernelSize: 2, padding: "same", depthwiseInitializer: kernelInitializer() }),
    () => L.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2, kernelInitializer: kernelInitializer() }),
    () =>
      L.separableConv2d({
        filters: 2,
        kernelSize: 2,
        padding: "same",
        depthwiseInitializer: kernelInitializer(),
        pointwiseInitializer: kernelInitializer(),
      }),
    () => L.maxPooling2d({ poolSize: 2, strides: stride, padding: "same" }),
    () => L.averagePooling2d({ poolSize: 2, strides: stride, padding: "same" }),
    () => L.upSampling2d({ size: [2, 2] }),
    () => L.zeroPadding2d({ padding: [1, 1] }),
    () => L.globalAveragePooling2d({}),
    () => L.globalMaxPooling2d({}),
    () => L.flatten(),
  ];
  const own = shape.length === 1 ? flat : shape.length === 2 ? steps : images;
  return pick(random, [...own, ...own, ...anywhere])();
}

function recurrent(
  random: RandomStream,
  initializer: () => never | object,
  returnSequences = random.uniform() < 0.5,
): Layer {
  const options = {
    units: 2 + random.integer(3),
    returnSequences,
    kernelInitializer: initializer() as never,
    recurrentInitializer: initializer() as never,
  };
  return pick(random, [() => L.lstm(options), () => L.gru(options), () => L.simpleRNN(options)])();
}

function makeModel(seed: number): tf.LayersModel {
  const random = RandomStream.of(seed, "data");
  let weightSeed = seed * 100 + 1;
  const next = () => weightSeed++;
  const input = tf.input({ shape: pick<Shape>(random, [[5], [4, 3], [6, 5, 2]]) });
  let x = input;
  const depth = 2 + random.integer(4);
  for (let i = 0; i < depth; i++) {
    const made = layerFor(x.shape.slice(1) as Shape, random, next).apply(x) as tf.SymbolicTensor;
    const isSmall = made.shape.slice(1).every((size) => size! > 0 && size! <= 16);
    if (isSmall) x = made;
  }
  if (x.shape.length > 2) x = L.flatten().apply(x) as tf.SymbolicTensor;
  const out = L.dense({ units: 3, kernelInitializer: tf.initializers.glorotUniform({ seed: next() }) });
  return tf.model({ inputs: input, outputs: out.apply(x) as tf.SymbolicTensor });
}

const models: tf.LayersModel[] = [];
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

async function train(seed: number, compile: boolean) {
  const model = makeModel(seed);
  models.push(model);
  const random = RandomStream.of(seed, "data");
  const shape = [10, ...(model.inputs[0]!.shape.slice(1) as Shape)];
  const size = shape.reduce((a, b) => a * b, 1);
  const x = tf.tensor(
    Float32Array.from({ length: size }, () => 2 * random.uniform() - 1),
    shape,
  );
  const loss = pick(random, lossNames);
  // Steps in proportion to the gradient: the others make whole steps of what is nothing but rounding.
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
  const { targets } = losses[loss]();
  const hasLabels = targets === "classes" || targets === "groups";
  const target = Array.from({ length: hasLabels ? 10 : 30 }, () => {
    if (hasLabels) return random.integer(3);
    return random.integer(2) + (targets === "answers" ? 0 : 1); // shares of 0 have no errors in percent
  });
  const y = hasLabels ? target : tf.tensor(target, [10, 3]);
  const run = await fit(model, { train: { x, y }, epochs: 2, batchSize: 4, loss, optimizer, compile });
  const weights = model.weights.map((weight) => Array.from(weight.read().dataSync()));
  tf.dispose([x, y as tf.Tensor]);
  return { notCompiled: run.notCompiled, losses: run.history.values("loss"), weights };
}

/** All but `ctc`, whose outputs are sequences. */
const lossNames = (Object.keys(losses) as (keyof typeof losses)[]).filter((name) => name !== "ctc");
const seeds = Array.from({ length: 60 }, (_, i) => i + 1);

describe("a model made at random trains alike compiled and operation by operation", () => {
  it.each(seeds)("model %i", async (seed) => {
    const compiled = await train(seed, true);
    expect(compiled.notCompiled).toBeNull();
    const eager = await train(seed, false);
    expect(eager.notCompiled).toBe("compile is false");
    const flat = ({ losses, weights }: typeof eager) => [...losses, ...weights.flat()];
    const [got, expected] = [flat(compiled), flat(eager)];
    expect(got.length).toBe(expected.length);
    const worst = got.reduce((most, value, i) => {
      const off = Math.abs(value - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
      return off > most || Number.isNaN(off) ? off : most;
    }, 0);
    expect(worst).toBeLessThan(1e-5);
  });
});
