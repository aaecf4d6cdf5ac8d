import { checkNumber } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import { checkRank, type LayerConfig, only, register } from "../own-layer.js";
import { described, type KernelConfig, kernelSettings } from "./initializers.js";

export interface ReversibleEmbeddingOptions extends LayerConfig {
  /** Tokens are the integers from 0 to below this. */
  readonly inputDim: number;
  readonly outputDim: number;
  /** @default "randomUniform" */
  readonly embeddingsInitializer?: KernelConfig["kernelInitializer"];
  /** Token 0 is padding. @default false */
  readonly maskZero?: boolean;
}

/** {@link reversibleEmbedding}. */
export class ReversibleEmbedding extends tf.layers.Layer {
  static readonly className = "ReversibleEmbedding";
  private readonly inputDim: number;
  private readonly outputDim: number;
  private readonly maskZero: boolean;
  private readonly initializer: ReturnType<typeof kernelSettings>["kernelInitializer"];
  private embeddings!: ReturnType<tf.layers.Layer["addWeight"]>;

  constructor(config: ReversibleEmbeddingOptions) {
    super(config);
    const count = { integer: true, atLeast: 1 };
    this.inputDim = checkNumber(this.name, "inputDim", config.inputDim, count);
    this.outputDim = checkNumber(this.name, "outputDim", config.outputDim, count);
    this.maskZero = config.maskZero ?? false;
    this.supportsMasking = true;
    const kernelInitializer = config.embeddingsInitializer ?? "randomUniform";
    this.initializer = kernelSettings({ kernelInitializer }).kernelInitializer;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    this.embeddings = this.addWeight("embeddings", [this.inputDim, this.outputDim], "float32", this.initializer);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      const table = this.embeddings.read();
      if (x.rank === 2) return tf.gather(table, tf.cast(x, "int32"));
      const [n, steps] = x.shape as [number, number, number];
      const rows = tf.reshape(x, [n * steps, this.outputDim]);
      return tf.reshape(tf.matMul(rows, table as tf.Tensor2D, false, true), [n, steps, this.inputDim]);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = inputShape as tf.Shape;
    checkRank(this, shape, [2, 3], `tokens, (n, steps), or vectors, (n, steps, ${this.outputDim})`);
    if (shape.length === 2) return [...shape, this.outputDim];
    checkNumber(this.name, "the number of features", shape[2]!, { atLeast: this.outputDim, atMost: this.outputDim });
    return [shape[0]!, shape[1]!, this.inputDim];
  }

  override computeMask(inputs: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = only(inputs);
    if (x.rank === 3 || !this.maskZero) return [mask!].flat()[0]!;
    return tf.notEqual(x, tf.zerosLike(x));
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { inputDim, outputDim, maskZero } = this;
    return { ...super.getConfig(), inputDim, outputDim, maskZero, embeddingsInitializer: described(this.initializer) };
  }
}
register(ReversibleEmbedding);

/**
 * An embedding that also goes back: from tokens, `(n, steps)`, to vectors, `(n, steps, outputDim)`, and from vectors to logits
 * of tokens, `(n, steps, inputDim)`, by the same weights. Press & Wolf, EACL 2017.
 */
export function reversibleEmbedding(options: ReversibleEmbeddingOptions): ReversibleEmbedding {
  return new ReversibleEmbedding(options);
}
