import { describe, expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { layers } from "../../../src/layers/layers.js";
import { layerContract, readFixture } from "../../contracts/layer.js";

const fixture = readFixture("normalization");

/** With a vector that is the same each time. */
function wrapped(inner: () => tf.layers.Layer, powerIterations = 1) {
  return (x: tf.SymbolicTensor) => {
    const layer = layers.spectralNormalization({ layer: inner(), powerIterations });
    const y = layer.apply(x) as tf.SymbolicTensor;
    const vector = layer.weights[1]!;
    tf.tidy(() => {
      vector.write(tf.linspace(-1, 0.5, vector.shape[1]!).reshape([1, -1]));
    });
    return y;
  };
}

layerContract("spectralNormalization", {
  make: () => wrapped(() => layers.dense({ units: 4 })),
  inputShape: [5],
  fixture: fixture("spectralNormalization"),
  differentiable: ["inference"],
});
layerContract("spectralNormalization with two iterations", {
  make: () => wrapped(() => layers.dense({ units: 4 }), 2),
  inputShape: [5],
  fixture: fixture("spectralNormalization, training"),
  differentiable: ["inference"],
});
layerContract("spectralNormalization of a convolution", {
  make: () => wrapped(() => layers.conv2d({ filters: 3, kernelSize: 2, padding: "same" })),
  inputShape: [4, 4, 2],
  fixture: fixture("spectralNormalization of a convolution, training"),
  differentiable: ["inference"],
});

const dense = () => layers.dense({ units: 4, useBias: false });

describe("spectralNormalization", () => {
  it("brings the largest singular value of a kernel to 1", () => {
    tf.tidy(() => {
      const layer = layers.spectralNormalization({ layer: dense(), powerIterations: 50 });
      layer.apply(tf.ones([2, 5]), { training: true });
      const kernel = layer.weights[0]!.read() as tf.Tensor2D;
      let [v, size] = [tf.ones([4, 1]) as tf.Tensor2D, 0];
      for (let i = 0; i < 100; i++) {
        const next = tf.matMul(kernel, tf.matMul(kernel, v), true) as tf.Tensor2D;
        size = tf.norm(next).dataSync()[0]!;
        v = tf.div(next, size);
      }
      expect(Math.sqrt(size)).toBeCloseTo(1, 5);
    });
  });

  it("leaves a kernel of zeros and its vector", () => {
    tf.tidy(() => {
      const layer = layers.spectralNormalization({ layer: layers.dense({ units: 2, kernelInitializer: "zeros" }) });
      layer.apply(tf.input({ shape: [3] }));
      const [kernel, vector] = layer.weights;
      const before = vector!.read().dataSync();
      layer.apply(tf.ones([2, 3]), { training: true });
      expect(Array.from(kernel!.read().dataSync())).toEqual([0, 0, 0, 0, 0, 0]);
      expect(vector!.read().dataSync()).toEqual(before);
    });
  });

  it("has the embeddings of Keras after a step, and the mask of the embedding", () => {
    tf.tidy(() => {
      // Not its outputs: it turns them into the whole numbers that the inputs are.
      const { inputs, weights, weightsAfter } = fixture("spectralNormalization of an embedding, training");
      const embedding = tf.layers.embedding({ inputDim: 6, outputDim: 4, maskZero: true });
      const layer = layers.spectralNormalization({ layer: embedding });
      const ids = tf.tensor(inputs[0]!.values, inputs[0]!.shape, "int32");
      layer.apply(ids);
      layer.setWeights(weights.map(({ values, shape }) => tf.tensor(values, shape)));
      const rows = layer.apply(ids, { training: true }) as tf.Tensor;
      const after = layer.getWeights();
      for (const [i, { values }] of weightsAfter!.entries()) {
        const difference = tf.sub(tf.reshape(after[i]!, [-1]), values);
        expect(tf.max(tf.abs(difference)).dataSync()[0]).toBeLessThan(1e-5);
      }
      expect(Array.from(rows.dataSync())).toEqual(Array.from(tf.gather(after[0]!, ids).dataSync()));
      const mask = layer.computeMask(ids) as tf.Tensor;
      expect(Array.from(mask.dataSync(), Boolean)).toEqual([false, true, true, true, true, true]);
    });
  });

  it("says what it takes", () => {
    const around = (layer: unknown) => layers.spectralNormalization({ name: "sn", layer: layer as tf.layers.Layer });
    const input = tf.input({ shape: [3] });
    expect(() => around(layers.flatten({ name: "flat" })).apply(input)).toThrow(
      new Error("sn: takes a layer with a kernel, such as dense or conv2d, or an embedding, got flat (Flatten)."),
    );
    expect(() => around(3)).toThrow(
      new Error("spectralNormalization: layer must be a layer, such as layers.dense(), got 3."),
    );
    expect(() => layers.spectralNormalization({ name: "sn", layer: dense(), powerIterations: 0 })).toThrow(
      new Error("sn: powerIterations must be an integer from 1, got 0."),
    );
  });
});
