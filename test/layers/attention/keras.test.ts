import { readFileSync } from "node:fs";

import { describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../../src/core/random.js";
import { CompiledFunction } from "../../../src/engine/compiled/compiled-function.js";
import { HostVariables } from "../../../src/engine/compiled/host-variables.js";
import { tf } from "../../../src/engine/tf.js";
import { attentionLayers } from "../../../src/layers/attention/attention-layers.js";
import type { AttentionLayer } from "../../../src/layers/attention/attention-scores.js";

// Numbers of Keras 3.15: test/reference/attention/keras-attention.py.
interface Numbers {
  readonly shape: number[];
  readonly values: number[];
}
interface Case {
  readonly name: string;
  readonly factory: keyof typeof attentionLayers;
  readonly options: object;
  readonly inputs: Numbers[];
  readonly masks: (Numbers | null)[];
  readonly explicit: Numbers | null;
  readonly weights: (Numbers & { readonly path: string })[];
  readonly output: Numbers;
  readonly scores: Numbers;
  readonly pull: number[];
  readonly inputGradients: number[][];
  readonly weightGradients: number[][];
}
const fixture = new URL("../../reference/attention/fixtures/keras-attention.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as { readonly cases: Case[] };

const tensor = ({ values, shape }: Numbers) => tf.tensor(values, shape);

function layerOf(one: Case) {
  const layer = attentionLayers[one.factory](one.options as never) as unknown as AttentionLayer;
  const inputs = one.inputs.map(tensor);
  const explicit = one.explicit ? [tensor(one.explicit)] : [];
  const mask = one.masks.map((own) => own && tf.cast(tensor(own), "bool")) as tf.Tensor[];
  layer.apply([...inputs, ...explicit]);
  layer.setWeights(one.weights.map(tensor));
  const apply = (xs: tf.Tensor[]) => layer.call([...xs, ...explicit], { mask }) as tf.Tensor;
  return { layer, inputs, explicit, mask, apply };
}

function expectClose(got: ArrayLike<number>, expected: readonly number[]) {
  expect(got).toHaveLength(expected.length);
  const errors = Array.from(got, (value, i) => Math.abs(value - expected[i]!) / Math.max(1, Math.abs(expected[i]!)));
  expect(Math.max(...errors)).toBeLessThan(1e-5);
}

describe.each(cases.map((one) => [one.name, one] as const))("%s", (_, one) => {
  it("has the weights of Keras by name, order and shape", () => {
    const { layer } = layerOf(one);
    const own = layer.weights.map(({ originalName, shape }) => ({
      path: originalName.split("/").slice(1).join("/"),
      shape,
    }));
    const expected = one.weights.map(({ path, shape }) => ({ path, shape }));
    expect(own).toEqual(expected);
  });

  it("gives the outputs, scores and gradients of Keras", () => {
    tf.tidy(() => {
      const { layer, inputs, explicit, mask, apply } = layerOf(one);
      expectClose(apply(inputs).dataSync(), one.output.values);
      const scores = layer.scores([...inputs, ...explicit], { mask });
      expect(scores.shape).toEqual(one.scores.shape);
      expectClose(scores.dataSync(), one.scores.values);
      const pull = tf.tensor(one.pull, one.output.shape);
      const gradients = tf.grads((...xs: tf.Tensor[]) => tf.sum(tf.mul(apply(xs), pull)))(inputs);
      for (const [i, gradient] of gradients.entries()) expectClose(gradient.dataSync(), one.inputGradients[i]!);
      const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
      if (variables.length === 0) return;
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(apply(inputs), pull)) as tf.Scalar, variables);
      for (const [i, { name }] of variables.entries()) expectClose(grads[name]!.dataSync(), one.weightGradients[i]!);
    });
  });

  it("gives the same from a compiled step", () => {
    const { layer, inputs, apply } = layerOf(one);
    const pull = tf.tensor(one.pull, one.output.shape);
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const host = new HostVariables();
    const types = inputs.map(({ shape }) => ({ shape, dtype: "float32" as const }));
    const step = (xs: tf.Tensor[]) => {
      const gradients = tf.grads((...all: tf.Tensor[]) => tf.sum(tf.mul(apply(all.slice(0, xs.length)), pull)))(xs);
      const ofInputs = Object.fromEntries(gradients.map((gradient, i) => [`input${i}`, gradient]));
      if (variables.length === 0) return { output: apply(xs), ...ofInputs };
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(apply(xs), pull)) as tf.Scalar, variables);
      const ofWeights = Object.fromEntries(variables.map(({ name }, i) => [`weight${i}`, grads[name]!]));
      return { output: apply(xs), ...ofInputs, ...ofWeights };
    };
    const compiled = CompiledFunction.of(step, types, host);
    for (const [i, input] of inputs.entries()) (compiled.inputs[i] as Float32Array).set(input.dataSync());
    compiled.run(host, RandomStream.of(1, "dropout"));
    expectClose(compiled.outputs.output as Float32Array, one.output.values);
    for (const [i, expected] of one.inputGradients.entries()) {
      expectClose(compiled.outputs[`input${i}`] as Float32Array, expected);
    }
    for (const [i, expected] of one.weightGradients.entries()) {
      expectClose(compiled.outputs[`weight${i}`] as Float32Array, expected);
    }
    host.release();
    compiled.dispose();
  });
});
