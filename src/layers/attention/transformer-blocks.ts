import { checkNumber } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import type { KernelConfig } from "./initializers.js";
import { multiHeadAttention } from "./multi-head-attention.js";

type DenseConfig = Parameters<typeof tf.layers.dense>[0];
type Symbolic = tf.SymbolicTensor;

export interface TransformerBlockOptions {
  readonly heads: number;
  /** Units of the layer between the two dense layers. @default 4 * features */
  readonly feedForward?: number;
  /** Share of attention weights, and of what each part adds, that a training step leaves out, from 0 to below 1. @default 0 */
  readonly dropout?: number;
  /** Of the feed-forward part. @default "gelu" */
  readonly activation?: DenseConfig["activation"];
  /** Normalise what goes into each part, not what comes out: trains without a warm-up. @default true */
  readonly preNorm?: boolean;
  /** @default none: positions were added before */
  readonly positions?: "rotary";
  /** Begins the names of the layers. @default a new one for each block */
  readonly name?: string;
  /** @default "glorotUniform" */
  readonly kernelInitializer?: () => NonNullable<DenseConfig["kernelInitializer"]>;
  /** Of the layers whose outputs are added to what goes past them. @default kernelInitializer */
  readonly outputInitializer?: () => NonNullable<DenseConfig["kernelInitializer"]>;
}

/** GPT-2's; large enough for float32. */
const epsilon = 1e-5;

let blocks = 0;

/**
 * A block of an encoder: every step sees every step, then passes a small network of its own; both parts add to what goes past
 * them. From `(n, steps, features)` to the same, in layers `NAME_attention`, `NAME_feed_forward`, ... Vaswani et al., NeurIPS
 * 2017; normalised before each part: Xiong et al., ICML 2020.
 *
 * @example
 * const y = layers.transformerEncoder({ heads: 4, dropout: 0.1 })(x);
 */
export function transformerEncoder(options: TransformerBlockOptions): (x: Symbolic) => Symbolic {
  const block = new Block("transformerEncoder", options);
  return (x) => block.feedForward(block.attention(x, { causal: false }));
}

/**
 * A block of a decoder: no step sees a later one. With `memory`, the outputs of an encoder, each step also looks there.
 *
 * @example
 * const y = layers.transformerDecoder({ heads: 4 })(x);
 * const z = layers.transformerDecoder({ heads: 4 })(target, encoded);
 */
export function transformerDecoder(options: TransformerBlockOptions): (x: Symbolic, memory?: Symbolic) => Symbolic {
  const block = new Block("transformerDecoder", options);
  return (x, memory) => {
    const own = block.attention(x, { causal: true });
    return block.feedForward(memory === undefined ? own : block.cross(own, memory));
  };
}

class Block {
  private readonly name: string;

  constructor(
    where: string,
    private readonly options: TransformerBlockOptions,
  ) {
    const { heads, feedForward, dropout = 0, name } = options;
    const count = { integer: true, atLeast: 1 };
    checkNumber(where, "heads", heads, count);
    if (feedForward !== undefined) checkNumber(where, "feedForward", feedForward, count);
    checkNumber(where, "dropout", dropout, { atLeast: 0, below: 1 });
    this.name = name ?? `block${++blocks}`;
  }

  attention(x: Symbolic, { causal }: { readonly causal: boolean }): Symbolic {
    const { positions } = this.options;
    const layer = this.heads("attention", { causal, ...(positions && { positions }) });
    return this.around("attention", x, (y) => layer.apply(y) as Symbolic);
  }

  cross(x: Symbolic, memory: Symbolic): Symbolic {
    const layer = this.heads("cross_attention", {});
    return this.around("cross_attention", x, (y) => layer.apply([y, memory]) as Symbolic);
  }

  feedForward(x: Symbolic): Symbolic {
    const features = x.shape.at(-1)!;
    const { feedForward: units = 4 * features, activation = "gelu" } = this.options;
    const { kernelInitializer, outputInitializer } = this.initializers();
    const hidden = tf.layers.dense({ units, activation, ...kernelInitializer, name: `${this.name}_hidden` });
    const back = tf.layers.dense({ units: features, ...outputInitializer, name: `${this.name}_feed_forward` });
    return this.around("feed_forward", x, (y) => back.apply(hidden.apply(y)) as Symbolic);
  }

  /** Normalisation, `part`, dropout, and the sum with what goes past. */
  private around(part: string, x: Symbolic, work: (x: Symbolic) => Symbolic): Symbolic {
    const { preNorm = true, dropout = 0 } = this.options;
    const norm = tf.layers.layerNormalization({ epsilon, name: `${this.name}_${part}_norm` });
    let y = work(preNorm ? (norm.apply(x) as Symbolic) : x);
    if (dropout > 0)
      y = tf.layers.dropout({ rate: dropout, name: `${this.name}_${part}_dropout` }).apply(y) as Symbolic;
    const sum = tf.layers.add({ name: `${this.name}_${part}_add` }).apply([x, y]) as Symbolic;
    return preNorm ? sum : (norm.apply(sum) as Symbolic);
  }

  private heads(part: string, more: { readonly causal?: boolean; readonly positions?: "rotary" }) {
    const { heads, dropout = 0 } = this.options;
    const { kernelInitializer, outputInitializer } = this.initializers();
    return multiHeadAttention({
      heads,
      dropout,
      ...kernelInitializer,
      ...(outputInitializer.kernelInitializer && { outputInitializer: outputInitializer.kernelInitializer }),
      ...more,
      name: `${this.name}_${part}`,
    });
  }

  private initializers(): Record<"kernelInitializer" | "outputInitializer", Pick<KernelConfig, "kernelInitializer">> {
    const { kernelInitializer, outputInitializer = kernelInitializer } = this.options;
    const made = (make: typeof kernelInitializer) => (make === undefined ? {} : { kernelInitializer: make() });
    return { kernelInitializer: made(kernelInitializer), outputInitializer: made(outputInitializer) };
  }
}
