import { checkNumber } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { checkRank, type LayerConfig, only, register } from "../own-layer.js";
import { described, type KernelConfig, kernelSettings } from "./initializers.js";

/** Adds to each step of a sequence a vector that says where it stands. */
abstract class Positions extends tf.layers.Layer {
  constructor(config: LayerConfig) {
    super(config);
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = inputShape as tf.Shape;
    checkRank(this, shape, [3], "sequences of vectors, (n, steps, features)");
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      return tf.add(x, this.table(x.shape[1]!, x.shape[2]!));
    });
  }

  /** Shape `(steps, features)`. */
  protected abstract table(steps: number, features: number): tf.Tensor;
}

/** {@link sinusoidalPositions}. */
export class SinusoidalPositions extends Positions {
  static readonly className = "SinusoidalPositions";
  private readonly maxWavelength: number;

  constructor(config: SinusoidalPositionsOptions = {}) {
    super(config);
    this.maxWavelength = checkNumber(this.name, "maxWavelength", config.maxWavelength ?? 10_000, { above: 1 });
  }

  protected override table(steps: number, features: number): tf.Tensor {
    const values = Float32Array.from({ length: steps * features }, (_, i) => {
      const [step, feature] = [Math.floor(i / features), i % features];
      const angle = step / this.maxWavelength ** ((feature - (feature % 2)) / features);
      return feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    });
    return tf.tensor(values, [steps, features]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), maxWavelength: this.maxWavelength };
  }
}
register(SinusoidalPositions);

export interface SinusoidalPositionsOptions extends LayerConfig {
  /** Steps after which the slowest wave repeats, divided by 2 pi. @default 10000 */
  readonly maxWavelength?: number;
}

/**
 * Adds `sin(step / 10000^(2 i / features))` to feature `2 i` and the cosine to the next one: positions without weights, for
 * sequences of any length. Takes and gives `(n, steps, features)`. Vaswani et al., NeurIPS 2017.
 */
export function sinusoidalPositions(options: SinusoidalPositionsOptions = {}): SinusoidalPositions {
  return new SinusoidalPositions(options);
}

interface PositionConfig extends LayerConfig {
  readonly sequenceLength: number;
  readonly initializer?: KernelConfig["kernelInitializer"];
}

/** {@link positionEmbedding}. */
export class PositionEmbedding extends Positions {
  static readonly className = "PositionEmbedding";
  private readonly length: number;
  private readonly initializer: ReturnType<typeof kernelSettings>["kernelInitializer"];
  private embeddings!: ReturnType<tf.layers.Layer["addWeight"]>;

  constructor(config: PositionConfig) {
    super(config);
    this.length = checkNumber(this.name, "length", config.sequenceLength, { integer: true, atLeast: 1 });
    const kernelInitializer = config.initializer ?? "glorotUniform";
    this.initializer = kernelSettings({ kernelInitializer }).kernelInitializer;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const features = this.computeOutputShape(inputShape)[2]!;
    this.embeddings = this.addWeight("embeddings", [this.length, features], "float32", this.initializer);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = super.computeOutputShape(inputShape);
    this.checkSteps(shape[1] ?? 1);
    return shape;
  }

  protected override table(steps: number, features: number): tf.Tensor {
    this.checkSteps(steps);
    const all = this.embeddings.read();
    return steps === this.length ? all : tf.slice(all, [0, 0], [steps, features]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), sequenceLength: this.length, initializer: described(this.initializer) };
  }

  private checkSteps(steps: number): void {
    if (steps <= this.length) return;
    throw new ShapeError(
      `${this.name}: knows ${this.length} positions, got a sequence of ${steps} steps. Pass length: ${steps} or shorten the sequences.`,
    );
  }
}
register(PositionEmbedding);

export interface PositionEmbeddingOptions extends LayerConfig {
  /** The most steps that a sequence may have. */
  readonly length: number;
  /** @default "glorotUniform" */
  readonly initializer?: KernelConfig["kernelInitializer"];
}

/** Adds to each step of a sequence a vector of its own that is learned. Takes and gives `(n, steps, features)`. */
export function positionEmbedding({ length, ...options }: PositionEmbeddingOptions): PositionEmbedding {
  return new PositionEmbedding({ ...options, sequenceLength: length });
}

export interface TokenAndPositionEmbeddingOptions {
  /** Tokens are the integers from 0 to below this. */
  readonly vocabulary: number;
  /** The most steps that a sequence may have. */
  readonly length: number;
  /** Features of each step. */
  readonly size: number;
  /** Token 0 is padding. @default false */
  readonly maskZero?: boolean;
}

/** From tokens, `(n, steps)`, to vectors that say which token and where: `(n, steps, size)`. Two layers. */
export function tokenAndPositionEmbedding(
  options: TokenAndPositionEmbeddingOptions,
): (x: tf.SymbolicTensor) => tf.SymbolicTensor {
  const { vocabulary, length, size, maskZero = false } = options;
  const tokens = tf.layers.embedding({ inputDim: vocabulary, outputDim: size, maskZero });
  const positions = positionEmbedding({ length });
  return (x) => positions.apply(tokens.apply(x)) as tf.SymbolicTensor;
}
