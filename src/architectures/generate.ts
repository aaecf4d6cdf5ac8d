import { setImmediate } from "node:timers/promises";

import { checkNumber, show } from "../core/check.js";
import { DataError, OptionError, ShapeError } from "../core/errors.js";
import { RandomStream } from "../core/random.js";
import { stoppable } from "../core/stop.js";
import { tf } from "../engine/tf.js";
import { rowText } from "../layers/own-layer.js";
import { nextTokenLogits } from "./next-token-logits.js";

export interface GenerateOptions {
  /** Tokens to add to each prompt. */
  readonly maxNewTokens: number;
  /** Below 1 the likely tokens get likelier, above 1 all get more alike; 0 takes the likeliest. @default 1 */
  readonly temperature?: number;
  /** Draw among this many likeliest tokens. @default all */
  readonly topK?: number;
  /** Draw among the likeliest tokens that together have this probability, above 0 and up to 1. @default 1 */
  readonly topP?: number;
  /** The token that ends a row; it is left out of the result. @default none */
  readonly stop?: number;
  /** Of the draws. @default 0 */
  readonly seed?: number;
}

/** Events get their turn this often. */
const turnMs = 20;

/**
 * Goes on with a prompt, token by token, each drawn from what the model says of the next one. Gives the prompt with what was
 * added; a prompt that is longer than the model's context is seen from its end. The same seed gives the same tokens; each of
 * several prompts draws from a stream of its own. Stop ends it early, with the tokens so far.
 *
 * Nucleus sampling, topP: Holtzman et al., ICLR 2020.
 *
 * @param model - A decoder: from tokens, `(n, length)`, to logits of the next token, `(n, length, vocabulary)`. No step may see a
 *   later one.
 *
 * @example
 * const tokens = await generate(model, tokenizer.encode("Once"), { maxNewTokens: 100, temperature: 0.8, topK: 20 });
 * tokenizer.decode(tokens);
 */
export function generate(model: tf.LayersModel, prompt: readonly number[], options: GenerateOptions): Promise<number[]>;
export function generate(
  model: tf.LayersModel,
  prompt: readonly (readonly number[])[],
  options: GenerateOptions,
): Promise<number[][]>;
export async function generate(
  model: tf.LayersModel,
  prompt: readonly number[] | readonly (readonly number[])[],
  options: GenerateOptions,
): Promise<number[] | number[][]> {
  const sizes = decoderSizes(model);
  const settings = checked(options, sizes.vocabulary);
  const isOne = !Array.isArray(prompt[0]);
  const rows = (isOne ? [prompt] : prompt) as readonly (readonly number[])[];
  for (const [i, row] of rows.entries()) checkTokens(isOne ? "prompt" : `prompt[${i}]`, row, sizes.vocabulary);
  const results = rows.map((row) => [...row]);
  const random = rows.map((_, i) => RandomStream.of(settings.seed, `generate/${i}`));
  const open = new Set(results.keys());
  const logits = nextTokenLogits(model, rows.length, sizes);
  try {
    await stoppable(async (stopRequested) => {
      let turn = performance.now();
      for (let step = 0; step < settings.maxNewTokens && open.size > 0 && !stopRequested(); step++) {
        const all = logits.of(results);
        for (const i of open) {
          const token = drawToken(all[i]!, settings, random[i]!);
          if (token === settings.stop) open.delete(i);
          else results[i]!.push(token);
        }
        if (performance.now() - turn < turnMs) continue;
        await setImmediate();
        turn = performance.now();
      }
    });
  } finally {
    logits.dispose();
  }
  return isOne ? results[0]! : results;
}

type Settings = ReturnType<typeof checked>;

function drawToken(logits: Float32Array, { temperature, topK, topP }: Settings, random: RandomStream): number {
  if (logits.some(Number.isNaN)) {
    throw new DataError(
      "generate: the model gives NaN for the next token, as weights that are NaN do. Train it again with a smaller learningRate.",
    );
  }
  if (temperature === 0) return logits.reduce((best, logit, token) => (logit > logits[best]! ? token : best), 0);
  const order = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]!);
  const best = logits[order[0]!]!;
  const kept = order.slice(0, topK);
  const weights = kept.map((token) => Math.exp((logits[token]! - best) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let nucleus = 0;
  let count = 0;
  while (count < kept.length && (count === 0 || nucleus < topP * total)) nucleus += weights[count++]!;
  let left = random.uniform() * nucleus;
  for (let i = 0; i < count - 1; i++) {
    left -= weights[i]!;
    if (left < 0) return kept[i]!;
  }
  return kept[count - 1]!;
}

function decoderSizes(model: tf.LayersModel): { readonly length: number; readonly vocabulary: number } {
  if (!(model instanceof tf.LayersModel)) {
    throw new OptionError(`generate: model must be a model, like that of transformer, got ${show(model)}.`);
  }
  const input = model.inputs[0]!.shape;
  const output = model.outputs[0]!.shape;
  const isOne = model.inputs.length === 1 && model.outputs.length === 1;
  const [length, vocabulary] = [input[1], output[2]];
  if (isOne && input.length === 2 && output.length === 3 && length && vocabulary && output[1] === length) {
    return { length, vocabulary };
  }
  throw new ShapeError(
    `generate: the model must go from tokens, (n, length), to logits of the next one, (n, length, vocabulary), got ${rowText(input)} to ${rowText(output)}. Use transformer with kind: "decoder".`,
  );
}

function checked(options: GenerateOptions, vocabulary: number) {
  const { maxNewTokens, temperature = 1, topK = vocabulary, topP = 1, stop, seed = 0 } = options;
  const where = "generate";
  if (stop !== undefined) checkNumber(where, "stop", stop, { integer: true, atLeast: 0, below: vocabulary });
  return {
    maxNewTokens: checkNumber(where, "maxNewTokens", maxNewTokens, { integer: true, atLeast: 0 }),
    temperature: checkNumber(where, "temperature", temperature, { atLeast: 0 }),
    topK: checkNumber(where, "topK", topK, { integer: true, atLeast: 1 }),
    topP: checkNumber(where, "topP", topP, { above: 0, atMost: 1 }),
    stop,
    seed: checkNumber(where, "seed", seed, { integer: true }),
  };
}

function checkTokens(name: string, tokens: readonly number[], vocabulary: number): void {
  if (!Array.isArray(tokens) || tokens.length === 0) {
    throw new DataError(`generate: ${name} must have at least one token, got ${show(tokens)}.`);
  }
  const wrong = tokens.findIndex((token) => !Number.isInteger(token) || token < 0 || token >= vocabulary);
  if (wrong < 0) return;
  throw new DataError(
    `generate: ${name}[${wrong}] must be a token from 0 to ${vocabulary - 1}, got ${show(tokens[wrong])}.`,
  );
}
