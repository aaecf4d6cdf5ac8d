import { describe, expect, it } from "@jest/globals";
import { type GenerateOptions, generate } from "../../src/architectures/generate.js";
import { transformer } from "../../src/architectures/transformer.js";
import { bindStopFlag, Interrupted, stopCells } from "../../src/core/stop.js";
import { tf } from "../../src/engine/tf.js";

const model = transformer({ vocabulary: 7, length: 5, size: 8, layers: 1, heads: 2, positions: "sinusoidal" });
// Steps that say much more than noise.
tf.tidy(() => {
  model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 12)));
});

const all = { maxNewTokens: 30, seed: 3 } as const;

describe("generate", () => {
  it("gives the same tokens for the same seed, and others for another", async () => {
    const [a, b, c] = [
      await generate(model, [1], all),
      await generate(model, [1], all),
      await generate(model, [1], { ...all, seed: 4 }),
    ];
    expect(b).toEqual(a);
    expect(c).not.toEqual(a);
    expect(a).toHaveLength(31);
  });

  it("draws for the first of several prompts as for it alone", async () => {
    const rows = await generate(model, [[1], [2, 3]], all);
    expect(rows[0]).toEqual(await generate(model, [1], all));
    expect(rows[1]!.slice(0, 2)).toEqual([2, 3]);
  });

  it("takes the likeliest token at temperature 0, as topK: 1 does", async () => {
    const greedy = await generate(model, [1, 2], { maxNewTokens: 8, temperature: 0 });
    expect(await generate(model, [1, 2], { maxNewTokens: 8, topK: 1 })).toEqual(greedy);
    expect(await generate(model, [1, 2], { maxNewTokens: 8, topP: 1e-6 })).toEqual(greedy);
    let row = [1, 2];
    for (let i = 0; i < 8; i++) {
      const seen = row.slice(-5);
      const padded = [...seen, ...Array(5 - seen.length).fill(0)];
      const logits = (model.apply(tf.tensor2d([padded])) as tf.Tensor3D).arraySync()[0]![seen.length - 1]!;
      row = [...row, logits.indexOf(Math.max(...logits))];
    }
    expect(greedy).toEqual(row);
  });

  it("draws as often as the model says", async () => {
    const prompts = Array.from({ length: 4000 }, () => [1]);
    const rows = await generate(model, prompts, { maxNewTokens: 1, seed: 1 });
    const logits = tf.slice(model.apply(tf.tensor2d([[1, 0, 0, 0, 0]])) as tf.Tensor3D, [0, 0, 0], [1, 1, 7]);
    const expected = tf.softmax(logits).dataSync();
    for (const [token, share] of expected.entries()) {
      const counted = rows.filter((row) => row[1] === token).length / rows.length;
      expect(Math.abs(counted - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 4000) + 1e-9);
    }
  });

  it("sees the end of a prompt that is longer than the context", async () => {
    const long = await generate(model, [6, 6, 6, 1, 2, 3, 4, 5], { maxNewTokens: 4, seed: 2 });
    const cut = await generate(model, [1, 2, 3, 4, 5], { maxNewTokens: 4, seed: 2 });
    expect(long.slice(8)).toEqual(cut.slice(5));
  });

  it("ends at the stop token and leaves it out", async () => {
    const free = await generate(model, [1], all);
    const stop = free[6]!;
    const ended = await generate(model, [1], { ...all, stop });
    expect(ended).toEqual(free.slice(0, free.indexOf(stop, 1)));
  });

  it("ends early with its tokens when a stop is requested", async () => {
    const memory = new Int32Array(new SharedArrayBuffer(4 * Object.keys(stopCells).length));
    bindStopFlag(memory);
    const long = generate(model, [1], { maxNewTokens: 1_000_000 });
    setImmediate(() => Atomics.add(memory, stopCells.requests, 1));
    const tokens = await long;
    expect(tokens.length).toBeGreaterThan(1);
    expect(tokens.length).toBeLessThan(1_000_000);
    await expect(generate(model, [1], all)).rejects.toThrow(Interrupted);
    bindStopFlag(new Int32Array(new SharedArrayBuffer(4 * Object.keys(stopCells).length)));
  });

  it.each<[string, unknown, Partial<GenerateOptions>, string]>([
    ["no tokens", [], {}, "generate: prompt must have at least one token, got an array of 0."],
    ["no token", [1, 7], {}, "generate: prompt[1] must be a token from 0 to 6, got 7."],
    ["a text", "To be", {}, 'generate: prompt must have at least one token, got "To be".'],
    ["topK", [1], { topK: 0 }, "generate: topK must be an integer from 1, got 0."],
    ["topP", [1], { topP: 0 }, "generate: topP must be a number above 0 to 1, got 0."],
    ["temperature", [1], { temperature: -1 }, "generate: temperature must be a number from 0, got -1."],
    ["stop", [1], { stop: 9 }, "generate: stop must be an integer from 0 and below 7, got 9."],
  ])("refuses %s in one sentence", async (_, prompt, options, sentence) => {
    await expect(generate(model, prompt as number[], { ...all, ...options })).rejects.toThrow(sentence);
  });

  it.each([0, 1])("refuses what a model of NaN tells (temperature %d)", async (temperature) => {
    const broken = transformer({ vocabulary: 7, length: 5, size: 8, heads: 2 });
    broken.setWeights(broken.getWeights().map((weight) => tf.fill(weight.shape, Number.NaN)));
    await expect(generate(broken, [1], { ...all, temperature })).rejects.toThrow(
      "generate: the model gives NaN for the next token, as weights that are NaN do. Train it again with a smaller learningRate.",
    );
  });

  it("refuses a model that does not tell tokens", async () => {
    const encoder = transformer({ vocabulary: 7, length: 5, size: 8, heads: 2, kind: "encoder", outputs: 2 });
    await expect(generate(encoder, [1], all)).rejects.toThrow(
      'generate: the model must go from tokens, (n, length), to logits of the next one, (n, length, vocabulary), got (n, 5) to (n, 2). Use transformer with kind: "decoder".',
    );
  });
});
