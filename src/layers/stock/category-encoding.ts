// TensorFlow.js has this layer, but reads its inputs, which no compiled step can, and changes the shape that it is asked about.
import { checkNumber, checkOneOf } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { type CallArguments, type LayerConfig, only, register } from "../own-layer.js";

type OutputMode = "multiHot" | "oneHot" | "count";

export interface CategoryEncodingConfig extends LayerConfig {
  /** How many categories there are. */
  readonly numTokens: number;
  /** 1 where a row has the category, one such vector for each of its numbers, or how often it has it. @default "multiHot" */
  readonly outputMode?: OutputMode;
}

interface Arguments extends CallArguments {
  /** What each number counts, of the shape of the inputs; with `"count"`. */
  readonly countWeights?: tf.Tensor;
}

class CategoryEncoding extends tf.layers.Layer {
  static readonly className = "CategoryEncoding";
  private readonly numTokens: number;
  private readonly outputMode: OutputMode;

  constructor(config: CategoryEncodingConfig) {
    super(config);
    this.numTokens = checkNumber(this.name, "numTokens", config.numTokens, { integer: true, atLeast: 1 });
    const mode = config.outputMode ?? "multiHot";
    this.outputMode = checkOneOf(this.name, "outputMode", mode, ["multiHot", "oneHot", "count"]);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = inputShape as tf.Shape;
    const keeps = this.outputMode === "oneHot" && shape.at(-1) !== 1;
    return [...(keeps ? shape : shape.slice(0, -1)), this.numTokens];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { countWeights }: Arguments = {}): tf.Tensor {
    if (countWeights && this.outputMode !== "count") {
      throw new OptionError(`${this.name}: countWeights go with outputMode "count", got ${this.outputMode}.`);
    }
    return tf.tidy(() => {
      const x = only(inputs);
      const each = tf.cast(tf.oneHot(tf.cast(x, "int32"), this.numTokens), "float32");
      if (this.outputMode === "multiHot") return tf.max(each, -2);
      if (this.outputMode === "oneHot") return x.shape.at(-1) === 1 ? tf.squeeze(each, [-2]) : each;
      return tf.sum(countWeights ? tf.mul(each, tf.expandDims(countWeights, -1)) : each, -2);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), numTokens: this.numTokens, outputMode: this.outputMode };
  }
}
register(CategoryEncoding);

/**
 * Whole numbers from 0 to `numTokens - 1` as vectors: `(n, values)` becomes `(n, numTokens)`, or `(n, values, numTokens)` with
 * `"oneHot"` of more than one value. Another number is no category, as in Keras.
 */
export function categoryEncoding(config: CategoryEncodingConfig): tf.layers.Layer {
  return new CategoryEncoding(config);
}
