import { checkNumber } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import type { tf } from "../../engine/tf.js";
import { register } from "../own-layer.js";
import { HeadsAttention, type HeadsConfig } from "./multi-head-attention.js";

interface GroupedQueryConfig extends HeadsConfig {
  readonly headDim: number;
  readonly numQueryHeads: number;
  readonly numKeyValueHeads: number;
}

/** `GroupQueryAttention` of Keras: {@link groupedQueryAttention}. */
export class GroupedQueryAttention extends HeadsAttention {
  static readonly className = "GroupedQueryAttention";
  protected readonly queryHeads: number;
  protected readonly keyHeads: number;
  private readonly headDim: number;

  constructor(config: GroupedQueryConfig) {
    super(config);
    const count = { integer: true, atLeast: 1 };
    this.headDim = checkNumber(this.name, "headSize", config.headDim, count);
    this.queryHeads = checkNumber(this.name, "queryHeads", config.numQueryHeads, count);
    this.keyHeads = checkNumber(this.name, "keyHeads", config.numKeyValueHeads, count);
    if (this.queryHeads % this.keyHeads !== 0) {
      throw new OptionError(
        `${this.name}: queryHeads must be a multiple of keyHeads, got ${this.queryHeads} and ${this.keyHeads}.`,
      );
    }
  }

  protected override sizes(): readonly [number, number] {
    return [this.headDim, this.headDim];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { headDim, queryHeads, keyHeads } = this;
    return { ...super.getConfig(), headDim, numQueryHeads: queryHeads, numKeyValueHeads: keyHeads };
  }
}
register(GroupedQueryAttention);

export interface GroupedQueryAttentionOptions extends HeadsConfig {
  /** A multiple of keyHeads. */
  readonly queryHeads: number;
  /** Heads of keys and values; 1 is multi-query attention. */
  readonly keyHeads: number;
  /** Features of each head. */
  readonly headSize: number;
}

/**
 * {@link multiHeadAttention} whose heads share keys and values in groups: fewer weights, and nearly as good. Ainslie et al.,
 * EMNLP 2023.
 */
export function groupedQueryAttention(options: GroupedQueryAttentionOptions): GroupedQueryAttention {
  const { queryHeads, keyHeads, headSize, ...config } = options;
  const names = { headDim: headSize, numQueryHeads: queryHeads, numKeyValueHeads: keyHeads };
  return new GroupedQueryAttention({ ...config, ...names });
}
