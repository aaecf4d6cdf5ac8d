import { describe, expect, it } from "@jest/globals";
import { generate } from "../../src/architectures/generate.js";
import { type TransformerOptions, transformer } from "../../src/architectures/transformer.js";
import { RandomStream } from "../../src/core/random.js";
import { tf } from "../../src/engine/tf.js";
import { layers } from "../../src/layers/layers.js";
import { adam } from "../../src/optimizers/adam.js";
import { charTokenizer } from "../../src/preprocessing/char-tokenizer.js";
import { nextTokenWindows } from "../../src/preprocessing/next-token-windows.js";
import { compileStep } from "../../src/training/compile-step.js";

const small = { vocabulary: 11, length: 6, size: 8, layers: 2, heads: 2 } as const;

function parameters(options: TransformerOptions): number {
  const { vocabulary: V, length: T, size: d = 64, layers: L = 2, feedForward: f = 4 * d, outputs } = options;
  const blocks = L * (4 * d * d + 2 * d * f + 9 * d + f);
  const positions = (options.positions ?? "learned") === "learned" ? T * d : 0;
  const head = outputs === undefined ? (options.tiedEmbedding ? 0 : V * d) : (d + 1) * outputs;
  return V * d + blocks + 2 * d + positions + head;
}

function tokens(n: number, { length, vocabulary }: { length: number; vocabulary: number }, seed = 1): tf.Tensor2D {
  const random = RandomStream.of(seed, "data");
  return tf.tensor2d(
    Float32Array.from({ length: n * length }, () => random.integer(vocabulary)),
    [n, length],
  );
}

/** Mean cross-entropy of tokens, from logits; steps of weight 0 do not count. */
function crossEntropy(logits: tf.Tensor, targets: tf.Tensor, weights?: tf.Tensor): tf.Tensor {
  const of = tf.oneHot(tf.cast(targets, "int32"), logits.shape.at(-1)!);
  const each = tf.neg(tf.sum(tf.mul(tf.cast(of, "float32"), tf.logSoftmax(logits)), -1));
  return weights === undefined ? tf.mean(each) : tf.div(tf.sum(tf.mul(each, weights)), tf.sum(weights));
}

describe("the parameters of a transformer are those of the formula:", () => {
  it("GPT-2 small has 124,439,808 (Radford et al. 2019)", () => {
    const gpt2 = { vocabulary: 50257, length: 1024, size: 768, layers: 12, heads: 12, tiedEmbedding: true } as const;
    expect(parameters(gpt2)).toBe(124_439_808);
  });

  it.each<[string, TransformerOptions]>([
    ["a decoder", small],
    ["tied", { ...small, tiedEmbedding: true }],
    ["rotary, wide inside", { ...small, positions: "rotary", feedForward: 20 }],
    ["an encoder with classes", { ...small, kind: "encoder", outputs: 3, positions: "sinusoidal" }],
    ["an encoder of tokens, three layers", { ...small, kind: "encoder", layers: 3 }],
  ])("%s", (_, options) => {
    expect(transformer(options).countParams()).toBe(parameters(options));
  });
});

describe("the first weights", () => {
  const weights = (seed: number) =>
    transformer({ ...small, size: 32, seed })
      .getWeights()
      .map((w) => w.dataSync());

  it("are the same for the same seed, and others for another", () => {
    expect(weights(4)).toEqual(weights(4));
    expect(weights(5)[0]).not.toEqual(weights(4)[0]);
  });

  it("have the spread of GPT-2", () => {
    const model = transformer({ ...small, size: 64, layers: 8 });
    const spread = (layer: string, i: number) =>
      Math.sqrt(tf.mean(tf.square(model.getLayer(layer).getWeights()[i]!)).dataSync()[0]!);
    expect(spread("block1_attention", 0)).toBeCloseTo(0.02, 3);
    expect(spread("block1_attention", 6)).toBeCloseTo(0.02 / 4, 3);
    expect(spread("block8_hidden", 0)).toBeCloseTo(0.02, 3);
    expect(spread("block8_feed_forward", 0)).toBeCloseTo(0.02 / 4, 3);
  });
});

describe("what a step sees", () => {
  it.each(["learned", "sinusoidal", "rotary"] as const)("of a decoder (%s positions) is nothing later", (positions) => {
    const model = transformer({ ...small, positions });
    const x = tokens(1, small).arraySync();
    const changed = [[...x[0]!.slice(0, 3), ...x[0]!.slice(3).map((token) => (token + 1) % 11)]];
    const [a, b] = [x, changed].map((rows) => model.apply(tf.tensor2d(rows)) as tf.Tensor3D);
    const part = (y: tf.Tensor3D, from: number) => tf.slice(y, [0, from, 0], [1, 3, -1]).dataSync();
    expect(part(b!, 0)).toEqual(part(a!, 0));
    expect(part(b!, 3)).not.toEqual(part(a!, 3));
  });

  it("of causal attention has no gradient to what is later", () => {
    const layer = layers.multiHeadAttention({ heads: 2, causal: true });
    const x = tf.randomNormal([1, 6, 4], 0, 1, "float32", 1);
    const gradient = tf.grad((y) => tf.sum(tf.slice(layer.apply(y) as tf.Tensor3D, [0, 2, 0], [1, 1, 4])))(x);
    const rows = tf.sum(tf.abs(gradient), [0, 2]).dataSync();
    expect(Array.from(rows.slice(3))).toEqual([0, 0, 0]);
    for (const row of rows.slice(0, 3)) expect(row).toBeGreaterThan(0);
  });

  it("without positions is a set: an encoder that sees tokens in another order gives its outputs in that order", () => {
    const model = transformer({ ...small, kind: "encoder" });
    const position = model.getLayer("position_embedding");
    position.setWeights([tf.zeros([small.length, small.size])]);
    const x = tf.tensor2d([[1, 5, 2, 8, 3, 9]]);
    const order = [3, 0, 5, 1, 4, 2];
    const [y, moved] = [x, tf.gather(x, order, 1)].map((one) => model.apply(one) as tf.Tensor);
    const difference = tf.max(tf.abs(tf.sub(tf.gather(y!, order, 1), moved!))).dataSync()[0]!;
    expect(difference).toBeLessThan(1e-6);
    expect(tf.max(tf.abs(tf.sub(y!, moved!))).dataSync()[0]!).toBeGreaterThan(1e-3);
  });

  it("of an encoder with maskZero is no padding", () => {
    const options = { ...small, kind: "encoder", outputs: 2, maskZero: true, positions: "sinusoidal" } as const;
    const long = transformer(options);
    const short = transformer({ ...options, length: 3 });
    const x = [4, 2, 7];
    const [a, b] = [long.apply(tf.tensor([[...x, 0, 0, 0]])), short.apply(tf.tensor([x]))] as tf.Tensor[];
    expect(tf.max(tf.abs(tf.sub(a!, b!))).dataSync()[0]).toBeLessThan(1e-6);
  });
});

describe("bad options of a transformer are one sentence:", () => {
  it.each<[Partial<TransformerOptions>, string]>([
    [{ vocabulary: 0 }, "transformer: vocabulary must be an integer from 1, got 0. Pass the number of tokens."],
    [{ length: 1.5 }, "transformer: length must be an integer from 1, got 1.5. Pass the tokens of a row."],
    [{ heads: 3 }, "transformer: heads must divide size, got 3 heads for size 8."],
    [{ size: -8 }, "transformer: size must be an integer from 1, got -8."],
    [{ layers: 0 }, "transformer: layers must be an integer from 1, got 0."],
    [{ dropout: 1 }, "transformer: dropout must be a number from 0 and below 1, got 1."],
    [{ kind: "both" as never }, 'transformer: kind must be one of "decoder", "encoder", got "both".'],
    [
      { heads: 8, positions: "rotary" },
      "transformer: rotary positions turn pairs, so size / heads must be even, got 8 / 8.",
    ],
    [{ outputs: 2 }, 'transformer: outputs are for an encoder, and a decoder tells tokens. Pass kind: "encoder".'],
    [
      { kind: "encoder", outputs: 2, tiedEmbedding: true },
      "transformer: tiedEmbedding needs logits of tokens, and outputs: 2 asks for others. Leave one out.",
    ],
    [
      { maskZero: true },
      "transformer: maskZero is for an encoder. In a decoder no step sees padding behind it: give those steps no weight in the loss.",
    ],
  ])("%j", (options, sentence) => {
    expect(() => transformer({ ...small, ...options })).toThrow(sentence);
  });
});

describe("a small decoder learns", () => {
  // Five symbols, a sign, and the five again: once as they were, once backwards.
  it.each(["copy", "reverse"])(
    "to %s, 99 %% and more of it",
    async (task) => {
      const symbols = 8;
      const half = 5;
      const sign = symbols;
      const options = { vocabulary: symbols + 1, length: 2 * half, size: 32, layers: 2, heads: 4, seed: 1 };
      const model = transformer(options);
      const random = RandomStream.of(2, "data");
      const rows = (n: number) =>
        Array.from({ length: n }, () => {
          const given = Array.from({ length: half }, () => random.integer(symbols));
          return [...given, sign, ...(task === "copy" ? given : given.toReversed())];
        });
      const step = compileStep(
        (x: tf.Tensor, y: tf.Tensor) => {
          const weights = tf.tensor(Float32Array.from({ length: 2 * half }, (_, t) => (t < half ? 0 : 1)));
          return crossEntropy(model.apply(x, { training: true }) as tf.Tensor, y, tf.mul(tf.onesLike(y), weights));
        },
        { variables: model, optimizer: adam({ learningRate: 3e-3 }) },
      );
      for (let i = 0; i < 600; i++) {
        const batch = rows(64);
        const [x, y] = [
          tf.tensor2d(batch.map((row) => row.slice(0, -1))),
          tf.tensor2d(batch.map((row) => row.slice(1))),
        ];
        step(x, y);
        tf.dispose([x, y]);
      }
      expect(step.notCompiled).toBeNull();
      step.dispose();
      const unseen = rows(100);
      const prompts = unseen.map((row) => row.slice(0, half + 1));
      const said = await generate(model, prompts, { maxNewTokens: half, temperature: 0 });
      const right = unseen.flatMap((row, i) => row.slice(half + 1).map((token, t) => token === said[i]![half + 1 + t]));
      expect(right.filter(Boolean).length / right.length).toBeGreaterThanOrEqual(0.99);
    },
    30_000,
  );
});

// William Blake, The Tyger (1794), the first two stanzas.
const poem = `Tyger Tyger, burning bright,
In the forests of the night;
What immortal hand or eye,
Could frame thy fearful symmetry?

In what distant deeps or skies,
Burnt the fire of thine eyes?
On what wings dare he aspire?
What the hand, dare seize the fire?
`;

describe("a decoder of characters", () => {
  it("learns a poem by heart, says it, and leaves no tensors", async () => {
    const tokenizer = charTokenizer(poem);
    const length = 32;
    const model = transformer({
      vocabulary: tokenizer.size,
      length,
      size: 48,
      layers: 2,
      heads: 4,
      positions: "rotary",
    });
    const { x, y } = nextTokenWindows(tokenizer.encode(poem), length, 1);
    const [inputs, targets] = [tf.tensor2d(x), tf.tensor2d(y)];
    const step = compileStep(
      (rows: tf.Tensor, next: tf.Tensor) => crossEntropy(model.apply(rows, { training: true }) as tf.Tensor, next),
      { variables: model, optimizer: adam({ learningRate: 3e-3 }) },
    );
    let loss = Number.POSITIVE_INFINITY;
    const random = RandomStream.of(1, "shuffle");
    for (let i = 0; i < 400; i++) {
      const batch = random.permutation(x.length).subarray(0, 48);
      loss = tf.tidy(() => step(tf.gather(inputs, batch), tf.gather(targets, batch)));
    }
    tf.dispose([inputs, targets]);
    step.dispose();
    expect(loss).toBeLessThan(0.2); // of the first characters of a window, nobody can know the next
    const before = tf.memory().numTensors;
    const start = "Tyger Tyger, burning";
    const said = await generate(model, tokenizer.encode(start), {
      maxNewTokens: poem.length - start.length,
      temperature: 0,
    });
    expect(tokenizer.decode(said)).toBe(poem);
    expect(tf.memory().numTensors).toBe(before);
  }, 30_000);
});
