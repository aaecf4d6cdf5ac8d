import { checkOneOf, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { positionEmbedding, sinusoidalPositions } from "../layers/attention/positions.js";
import { reversibleEmbedding } from "../layers/attention/reversible-embedding.js";
import { transformerDecoder, transformerEncoder } from "../layers/attention/transformer-blocks.js";
import { checkCount, checkShare } from "../layers/blocks/checks.js";
import { initializers } from "../layers/initializers/initializers.js";
import { seeded } from "./checks.js";
import type { WeightOptions } from "./options.js";

const kinds = ["decoder", "encoder"] as const;
const positionKinds = ["learned", "sinusoidal", "rotary"] as const;

export interface TransformerOptions extends WeightOptions {
  /** Tokens are the integers from 0 to below this. */
  readonly vocabulary: number;
  /** Tokens of a row: the context. */
  readonly length: number;
  /** Features of each step. @default 64 */
  readonly size?: number;
  /** Blocks, one behind the other. @default 2 */
  readonly layers?: number;
  /** Divides size. @default 4 */
  readonly heads?: number;
  /** Units inside each block's feed-forward part. @default 4 * size */
  readonly feedForward?: number;
  /** Share of embeddings, attention weights and what each part adds that a training step leaves out, from 0 to below 1. @default 0 */
  readonly dropout?: number;
  /** A decoder tells the next token and sees no later one; an encoder sees the whole row. @default "decoder" */
  readonly kind?: (typeof kinds)[number];
  /** Of an encoder: classes or numbers for the whole row, from the mean over its steps. @default logits of tokens for each step */
  readonly outputs?: number;
  /** The logits of tokens use the weights of the embedding: fewer parameters. @default false */
  readonly tiedEmbedding?: boolean;
  /** How a step knows where it stands. @default "learned" */
  readonly positions?: (typeof positionKinds)[number];
  /** Of an encoder: token 0 is padding, which no step sees. @default false */
  readonly maskZero?: boolean;
}

/**
 * A transformer over tokens, `(n, length)`: embedding, blocks that normalise before attention and feed-forward part, a last
 * normalisation, and logits. A decoder gives `(n, length, vocabulary)`, where step `t` tells token `t + 1`; an encoder with
 * `outputs` gives `(n, outputs)`.
 *
 * Weights start normal with standard deviation 0.02, divided by `sqrt(2 * layers)` where a block adds to what goes past it,
 * biases 0 (GPT-2: Radford et al. 2019). The same seed gives the same weights, bit for bit.
 *
 * Parameters, with V = vocabulary, T = length, d = size, L = layers and f = feedForward:
 * `V d + L (4 d d + 2 d f + 9 d + f) + 2 d`, and `T d` if positions are learned, and `V d` for logits of tokens unless tied, or
 * `(d + 1) outputs`. GPT-2 small (V = 50257, T = 1024, d = 768, L = 12, tied) has 124,439,808.
 *
 * @example
 * const model = transformer({ vocabulary: tokenizer.size, length: 64, layers: 2, heads: 4, size: 64 });
 */
export function transformer(options: TransformerOptions): tf.LayersModel {
  const settings = checked(options);
  return seeded("transformer", settings.seed, () => assemble(settings));
}

function assemble(settings: ReturnType<typeof checked>): tf.LayersModel {
  const { vocabulary, length, size, layers, heads, feedForward, dropout, positions } = settings;
  const { kind, outputs, tiedEmbedding, maskZero } = settings;
  const normal = (stddev: number) => () => initializers.randomNormal({ stddev });
  const kernelInitializer = normal(0.02);
  const tokens = tf.input({ shape: [length], name: "tokens" });
  const config = { inputDim: vocabulary, outputDim: size, embeddingsInitializer: kernelInitializer(), maskZero };
  const name = "token_embedding";
  const embedding = tiedEmbedding ? reversibleEmbedding({ ...config, name }) : tf.layers.embedding({ ...config, name });
  let x = embedding.apply(tokens) as tf.SymbolicTensor;
  const through = (layer: tf.layers.Layer) => {
    x = layer.apply(x) as tf.SymbolicTensor;
  };
  if (positions === "learned") {
    through(positionEmbedding({ length, initializer: kernelInitializer(), name: "position_embedding" }));
  } else if (positions === "sinusoidal") {
    through(sinusoidalPositions({ name: "positions" }));
  }
  if (dropout > 0) through(tf.layers.dropout({ rate: dropout, name: "embedding_dropout" }));
  const make = kind === "decoder" ? transformerDecoder : transformerEncoder;
  for (let i = 1; i <= layers; i++) {
    x = make({
      heads,
      feedForward,
      dropout,
      ...(positions === "rotary" && { positions }),
      kernelInitializer,
      outputInitializer: normal(0.02 / Math.sqrt(2 * layers)),
      name: `block${i}`,
    })(x);
  }
  through(tf.layers.layerNormalization({ epsilon: 1e-5, name: "norm" }));
  if (outputs !== null) {
    through(tf.layers.globalAveragePooling1d({ name: "mean" }));
    through(tf.layers.dense({ units: outputs, kernelInitializer: kernelInitializer(), name: "output" }));
  } else if (tiedEmbedding) {
    through(embedding);
  } else {
    const kernel = { kernelInitializer: kernelInitializer(), useBias: false };
    through(tf.layers.dense({ units: vocabulary, ...kernel, name: "logits" }));
  }
  return tf.model({ inputs: tokens, outputs: x, name: kind });
}

function checked(options: TransformerOptions) {
  const { size = 64, layers = 2, heads = 4, feedForward = 4 * size, dropout, outputs = null, seed = 0 } = options;
  const { tiedEmbedding = false, maskZero = false } = options;
  const where = "transformer";
  const kind = checkOneOf(where, "kind", options.kind ?? "decoder", kinds);
  const positions = checkOneOf(where, "positions", options.positions ?? "learned", positionKinds);
  checkCount(where, "size", size);
  checkCount(where, "heads", heads);
  if (size % heads !== 0) {
    throw new OptionError(`transformer: heads must divide size, got ${heads} heads for size ${size}.`);
  }
  if (positions === "rotary" && (size / heads) % 2 === 1) {
    throw new OptionError(
      `transformer: rotary positions turn pairs, so size / heads must be even, got ${size} / ${heads}.`,
    );
  }
  if (outputs !== null && kind === "decoder") {
    throw new OptionError('transformer: outputs are for an encoder, and a decoder tells tokens. Pass kind: "encoder".');
  }
  if (outputs !== null && tiedEmbedding) {
    throw new OptionError(
      `transformer: tiedEmbedding needs logits of tokens, and outputs: ${show(outputs)} asks for others. Leave one out.`,
    );
  }
  if (maskZero && kind === "decoder") {
    throw new OptionError(
      "transformer: maskZero is for an encoder. In a decoder no step sees padding behind it: give those steps no weight in the loss.",
    );
  }
  const { vocabulary, length } = options;
  return {
    vocabulary: checkCount(where, "vocabulary", vocabulary, "Pass the number of tokens."),
    length: checkCount(where, "length", length, "Pass the tokens of a row."),
    size,
    layers: checkCount(where, "layers", layers),
    heads,
    feedForward: checkCount(where, "feedForward", feedForward),
    dropout: checkShare(where, "dropout", dropout),
    kind,
    outputs: outputs === null ? null : checkCount(where, "outputs", outputs),
    tiedEmbedding,
    positions,
    maskZero,
    seed,
  };
}
