import { checkNumber, checkOneOf } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { type CallArguments, type LayerConfig, register } from "../own-layer.js";
import { attentionWeights, checkSequences, type Parts, partsOf, shapesOf } from "./attend.js";
import {
  described,
  type KernelConfig,
  type KernelSettings,
  kernelSettings,
  reseeded,
  serialized,
} from "./initializers.js";
import { masksOf } from "./masks.js";
import { rotary } from "./rotary.js";

type Weight = ReturnType<tf.layers.Layer["addWeight"]>;

/** What attention with heads has in common, as a layer keeps it. */
export interface HeadsConfig extends LayerConfig, KernelConfig {
  /** Share of the attention weights that a training step leaves out, from 0 to below 1. @default 0 */
  readonly dropout?: number;
  /** @default true */
  readonly useBias?: boolean;
  /** No query sees a later key. @default false */
  readonly causal?: boolean;
  /** `"rotary"` turns queries and keys by their places, so that only distances count. @default none */
  readonly positions?: "rotary" | null;
  /**
   * The last input is a mask, 1 where a query may see a key: `(n, keys)`, `(n, queries, keys)` or `(n, heads, queries, keys)`.
   * @default false
   */
  readonly attentionMask?: boolean;
  /** Of the last projection. @default kernelInitializer */
  readonly outputInitializer?: KernelConfig["kernelInitializer"];
}

interface Projection {
  readonly kernel: Weight;
  readonly bias: Weight | null;
}

/** A part of the inputs, projected: `(n, heads, steps, size)`. */
interface Heads {
  readonly query: tf.Tensor;
  readonly key: tf.Tensor;
  readonly value: tf.Tensor;
}

/** Queries in `queryHeads` heads; each of `keyHeads` heads of keys and values serves as many of them as the next. */
export abstract class HeadsAttention extends tf.layers.Layer {
  protected readonly dropout: number;
  protected readonly useBias: boolean;
  protected readonly causal: boolean;
  protected readonly positions: "rotary" | null;
  protected readonly attentionMask: boolean;
  private readonly settings: KernelSettings;
  private readonly outputInitializer: KernelSettings["kernelInitializer"];
  private projections!: Readonly<Record<"query" | "key" | "value" | "attention_output", Projection>>;

  protected abstract readonly queryHeads: number;
  protected abstract readonly keyHeads: number;
  /** Features of a head of queries and keys, and of values, once the layer is built. */
  protected abstract sizes(features: number): readonly [keySize: number, valueSize: number];

  constructor(config: HeadsConfig) {
    super(config);
    const { dropout = 0, useBias = true, causal = false, positions = null, attentionMask = false } = config;
    this.supportsMasking = true;
    this.dropout = checkNumber(this.name, "dropout", dropout, { atLeast: 0, below: 1 });
    this.useBias = useBias;
    this.causal = causal;
    this.positions = positions === null ? null : checkOneOf<"rotary">(this.name, "positions", positions, ["rotary"]);
    this.attentionMask = attentionMask;
    this.settings = kernelSettings(config);
    const { outputInitializer } = config;
    this.outputInitializer =
      outputInitializer === undefined
        ? reseeded(this.settings.kernelInitializer, 3)
        : kernelSettings({ kernelInitializer: outputInitializer }).kernelInitializer;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const parts = this.checked(inputShape);
    const features = parts.query[2]!;
    const [keySize, valueSize] = this.sizes(features);
    if (this.positions === "rotary" && keySize % 2 === 1) {
      throw new OptionError(`${this.name}: rotary positions turn pairs, so keySize must be even, got ${keySize}.`);
    }
    const { kernelInitializer } = this.settings;
    this.projections = {
      query: this.project("query", [parts.query[2]!, this.queryHeads, keySize], kernelInitializer),
      key: this.project("key", [parts.key[2]!, this.keyHeads, keySize], reseeded(kernelInitializer, 1)),
      value: this.project("value", [parts.value[2]!, this.keyHeads, valueSize], reseeded(kernelInitializer, 2)),
      attention_output: this.project(
        "attention_output",
        [this.queryHeads, valueSize, features],
        this.outputInitializer,
        [features],
      ),
    };
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments = {}): tf.Tensor {
    return tf.tidy(() => {
      const list = [inputs].flat();
      const heads = this.heads(list);
      const weights = this.weightsOf(heads, list, kwargs);
      const kept = kwargs.training && this.dropout > 0 ? tf.dropout(weights, this.dropout) : weights;
      const [n, count, queries] = weights.shape as [number, number, number, number];
      const mixed = this.grouped(kept, heads.value); // (n, heads, queries, valueSize)
      const rows = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [n * queries, count * mixed.shape[3]!]);
      const { kernel, bias } = this.projections.attention_output;
      const features = kernel.shape[2]!;
      const product = tf.matMul(rows, tf.reshape(kernel.read(), [rows.shape[1]!, features]));
      return tf.reshape(bias === null ? product : tf.add(product, bias.read()), [n, queries, features]);
    });
  }

  /** How much each query takes from each key, shape `(n, heads, queries, keys)`; rows sum to 1. */
  scores(inputs: readonly tf.Tensor[], kwargs: CallArguments = {}): tf.Tensor {
    return tf.tidy(() => this.weightsOf(this.heads(inputs), inputs, kwargs));
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return this.checked(inputShape).query;
  }

  override computeMask(_inputs: tf.Tensor | tf.Tensor[], masks?: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return [masks!].flat()[0]!;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      dropout: this.dropout,
      useBias: this.useBias,
      causal: this.causal,
      positions: this.positions,
      attentionMask: this.attentionMask,
      ...serialized(this.settings),
      outputInitializer: described(this.outputInitializer),
    };
  }

  private checked(inputShape: tf.Shape | tf.Shape[]): Parts<tf.Shape> {
    const parts = partsOf(this.name, shapesOf(inputShape), this.attentionMask, 1);
    checkSequences(this.name, parts);
    return parts;
  }

  private project(
    name: string,
    shape: number[],
    initializer: KernelSettings["kernelInitializer"],
    biasShape = shape.slice(1),
  ): Projection {
    const { biasInitializer, kernelRegularizer } = this.settings;
    const regularizer = kernelRegularizer ?? undefined;
    const kernel = this.addWeight(`${name}/kernel`, shape, "float32", initializer, regularizer, true);
    const bias = this.useBias
      ? this.addWeight(`${name}/bias`, biasShape, "float32", biasInitializer, undefined, true)
      : null;
    return { kernel, bias };
  }

  private heads(inputs: readonly tf.Tensor[]): Heads {
    const parts = partsOf(this.name, inputs, this.attentionMask, 1);
    const [query, key, value] = (["query", "key", "value"] as const).map((name) => {
      const x = parts[name];
      const [n, steps, features] = x.shape as [number, number, number];
      const { kernel, bias } = this.projections[name];
      const [, heads, size] = kernel.shape as [number, number, number];
      const rows = tf.reshape(x, [n * steps, features]);
      const product = tf.matMul(rows, tf.reshape(kernel.read(), [features, heads * size]));
      const sum = bias === null ? product : tf.add(product, tf.reshape(bias.read(), [heads * size]));
      return tf.transpose(tf.reshape(sum, [n, steps, heads, size]), [0, 2, 1, 3]);
    }) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return this.positions === "rotary" ? { query: rotary(query), key: rotary(key), value } : { query, key, value };
  }

  private weightsOf({ query, key }: Heads, inputs: readonly tf.Tensor[], kwargs: CallArguments): tf.Tensor {
    const scaled = tf.mul(query, 1 / Math.sqrt(query.shape[3]!));
    const scores = this.grouped(scaled, key, true);
    const { mask, isSelf } = partsOf(this.name, inputs, this.attentionMask, 1);
    const own = mask === null ? inputs : inputs.slice(0, -1);
    const [queries = null, values = null, keys = null] = masksOf(own, kwargs);
    // As in Keras: of one sequence, the mask holds for it as queries and as keys.
    const ofKeys = isSelf ? [queries] : [values, keys];
    return attentionWeights(scores, { causal: this.causal, queries, keys: ofKeys, explicit: mask });
  }

  /** The product of each head of `x` with its head of `y`: `(n, heads, rows, ...)`. */
  private grouped(x: tf.Tensor, y: tf.Tensor, transposeY = false): tf.Tensor {
    if (this.queryHeads === this.keyHeads) return tf.matMul(x, y, false, transposeY);
    const [n, heads, rows, size] = x.shape as [number, number, number, number];
    const groups = tf.reshape(x, [n, this.keyHeads, (heads / this.keyHeads) * rows, size]);
    const product = tf.matMul(groups, y, false, transposeY);
    return tf.reshape(product, [n, heads, rows, product.shape[3]!]);
  }
}

interface MultiHeadConfig extends HeadsConfig {
  readonly numHeads: number;
  readonly keyDim?: number | null;
  readonly valueDim?: number | null;
}

/** `MultiHeadAttention` of Keras: {@link multiHeadAttention}. */
export class MultiHeadAttention extends HeadsAttention {
  static readonly className = "MultiHeadAttention";
  protected readonly queryHeads: number;
  protected readonly keyHeads: number;
  private keyDim: number | null;
  private valueDim: number | null;

  constructor(config: MultiHeadConfig) {
    super(config);
    const { numHeads, keyDim = null, valueDim = null } = config;
    const count = { integer: true, atLeast: 1 };
    this.queryHeads = checkNumber(this.name, "heads", numHeads, count);
    this.keyHeads = this.queryHeads;
    this.keyDim = keyDim === null ? null : checkNumber(this.name, "keySize", keyDim, count);
    this.valueDim = valueDim === null ? null : checkNumber(this.name, "valueSize", valueDim, count);
  }

  protected override sizes(features: number): readonly [number, number] {
    if (this.keyDim === null && features % this.queryHeads !== 0) {
      throw new OptionError(
        `${this.name}: ${features} features cannot be shared among ${this.queryHeads} heads. Use a number of heads that divides ${features}, or pass keySize.`,
      );
    }
    this.keyDim ??= features / this.queryHeads;
    this.valueDim ??= this.keyDim;
    return [this.keyDim, this.valueDim];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), numHeads: this.queryHeads, keyDim: this.keyDim, valueDim: this.valueDim };
  }
}
register(MultiHeadAttention);

export interface MultiHeadAttentionOptions extends HeadsConfig {
  readonly heads: number;
  /** Features of each head's queries and keys. @default those of the query, shared among the heads */
  readonly keySize?: number;
  /** Features of each head's values. @default keySize */
  readonly valueSize?: number;
}

/**
 * Each step of a sequence takes from all steps of a sequence what its query finds in their keys, in several heads at once:
 * `softmax(Q K' / sqrt(keySize)) V`. Vaswani et al., NeurIPS 2017.
 *
 * `apply(x)` is self-attention, `apply([query, value])` and `apply([query, value, key])` look into another sequence; all have
 * shape `(n, steps, features)`, and so has the output, with the steps and features of the query. Steps that an embedding with
 * `maskZero` calls padding are not seen. Weights as in Keras' `MultiHeadAttention`, so that its files load. A seeded
 * initializer counts its seed up from kernel to kernel, which would be equal otherwise.
 *
 * @example
 * const attended = layers.multiHeadAttention({ heads: 4, causal: true }).apply(x);
 */
export function multiHeadAttention(options: MultiHeadAttentionOptions): MultiHeadAttention {
  const { heads, keySize = null, valueSize = null, ...config } = options;
  return new MultiHeadAttention({ ...config, numHeads: heads, keyDim: keySize, valueDim: valueSize });
}
