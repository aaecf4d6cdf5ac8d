import { checkNumber } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { type CallArguments, type LayerConfig, register } from "../own-layer.js";
import { attentionWeights, checkSequences, type Parts, partsOf, shapesOf } from "./attend.js";
import { masksOf } from "./masks.js";

export interface AttentionOptions extends LayerConfig {
  /** Share of the attention weights that a training step leaves out, from 0 to below 1. @default 0 */
  readonly dropout?: number;
  /** No query sees a later key. @default false */
  readonly causal?: boolean;
}

export interface DotAttentionOptions extends AttentionOptions {
  /** Multiplies the scores by a number that is learned. @default false */
  readonly useScale?: boolean;
}

export interface AdditiveAttentionOptions extends AttentionOptions {
  /** Weighs the features by numbers that are learned. @default true */
  readonly useScale?: boolean;
}

/** One head without projections, from `[query, value]` or `[query, value, key]`. */
abstract class PlainAttention extends tf.layers.Layer {
  protected scale: ReturnType<tf.layers.Layer["addWeight"]> | null = null;
  private readonly dropout: number;
  private readonly causal: boolean;

  constructor(
    config: AttentionOptions,
    protected readonly useScale: boolean,
  ) {
    super(config);
    this.supportsMasking = true;
    this.dropout = checkNumber(this.name, "dropout", config.dropout ?? 0, { atLeast: 0, below: 1 });
    this.causal = config.causal ?? false;
  }

  protected abstract scoresOf(query: tf.Tensor, key: tf.Tensor): tf.Tensor;

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments = {}): tf.Tensor {
    return tf.tidy(() => {
      const list = [inputs].flat();
      const weights = this.scores(list, kwargs);
      const kept = kwargs.training && this.dropout > 0 ? tf.dropout(weights, this.dropout) : weights;
      const mixed = tf.matMul(kept, partsOf(this.name, list, false, 2).value);
      const [queries] = masksOf(list, kwargs);
      return queries ? tf.mul(mixed, tf.expandDims(tf.cast(queries, "float32"), -1)) : mixed;
    });
  }

  /** How much each query takes from each value, shape `(n, queries, values)`. */
  scores(inputs: readonly tf.Tensor[], kwargs: CallArguments = {}): tf.Tensor {
    return tf.tidy(() => {
      const { query, key } = partsOf(this.name, inputs, false, 2);
      const [, values = null] = masksOf(inputs, kwargs);
      const sight = { causal: this.causal, queries: null, keys: [values], explicit: null };
      return attentionWeights(this.scoresOf(query, key), sight);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const { query, value } = this.checked(inputShape);
    return [query[0]!, query[1]!, value[2]!];
  }

  override computeMask(_inputs: tf.Tensor | tf.Tensor[], masks?: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return [masks!].flat()[0]!;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { useScale, dropout, causal } = this;
    return { ...super.getConfig(), useScale, dropout, causal };
  }

  protected checked(inputShape: tf.Shape | tf.Shape[]): Parts<tf.Shape> {
    const parts = partsOf(this.name, shapesOf(inputShape), false, 2);
    checkSequences(this.name, parts);
    const [query, key] = [parts.query[2], parts.key[2]];
    if (query === key) return parts;
    throw new ShapeError(
      `${this.name}: query and key must have the same number of features, got ${query} and ${key}. Project one with a dense layer.`,
    );
  }
}

/** `Attention` of Keras: {@link attention}. */
export class DotAttention extends PlainAttention {
  static readonly className = "Attention";

  constructor(config: DotAttentionOptions = {}) {
    super(config, config.useScale ?? false);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    this.checked(inputShape);
    if (this.useScale) this.scale = this.addWeight("scale", [], "float32", tf.initializers.ones());
    super.build(inputShape);
  }

  protected override scoresOf(query: tf.Tensor, key: tf.Tensor): tf.Tensor {
    const scores = tf.matMul(query, key, false, true);
    return this.scale === null ? scores : tf.mul(scores, this.scale.read());
  }
}
register(DotAttention);

/** `AdditiveAttention` of Keras: {@link additiveAttention}. */
export class AdditiveAttention extends PlainAttention {
  static readonly className = "AdditiveAttention";

  constructor(config: AdditiveAttentionOptions = {}) {
    super(config, config.useScale ?? true);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { query } = this.checked(inputShape);
    if (this.useScale) {
      this.scale = this.addWeight("scale", [query[2]!], "float32", tf.initializers.glorotUniform({}));
    }
    super.build(inputShape);
  }

  protected override scoresOf(query: tf.Tensor, key: tf.Tensor): tf.Tensor {
    const sums = tf.tanh(tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1))); // (n, queries, keys, features)
    return tf.sum(this.scale === null ? sums : tf.mul(sums, this.scale.read()), -1);
  }
}
register(AdditiveAttention);

/**
 * Each query takes from the values what it finds in the keys, by the product of query and key: `softmax(Q K') V`. Takes
 * `[query, value]` or `[query, value, key]`; queries that are padding get zeros. As Keras' `Attention`; Luong et al., EMNLP 2015.
 *
 * @example
 * const context = layers.attention().apply([decoderStates, encoderStates]);
 */
export function attention(options: DotAttentionOptions = {}): DotAttention {
  return new DotAttention(options);
}

/**
 * As {@link attention}, by a sum of query and key: `softmax(sum(scale * tanh(Q + K))) V`, of which the memory grows with
 * queries x keys x features. As Keras' `AdditiveAttention`; Bahdanau et al., ICLR 2015.
 */
export function additiveAttention(options: AdditiveAttentionOptions = {}): AdditiveAttention {
  return new AdditiveAttention(options);
}
