import { checkNumber, show } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { type CallArguments, type LayerConfig, register } from "../own-layer.js";
import type { MapOf, Shaped } from "../shapes.js";

type Weight = ReturnType<tf.layers.Layer["addWeight"]>;

export interface SpectralNormalizationOptions<Inner extends tf.layers.Layer = tf.layers.Layer> extends LayerConfig {
  /** Has a kernel, such as dense and convolutions, or embeddings. */
  readonly layer: Inner;
  /** How often a training step turns the vectors that estimate the largest singular value. @default 1 */
  readonly powerIterations?: number;
}

/** What TensorFlow.js has in common for layers around a layer, and does not show. */
interface Wrapper extends tf.layers.Layer {
  readonly layer: tf.layers.Layer;
}
const example = tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 1, name: "inner" }), name: "example" });
interface WrapperConstructor {
  new (config: LayerConfig & { readonly layer: tf.layers.Layer }): Wrapper;
  fromConfig: tf.serialization.SerializableConstructor<tf.serialization.Serializable>["fromConfig"];
}
const WrapperClass: WrapperConstructor = Object.getPrototypeOf(Object.getPrototypeOf(example)).constructor;

/** {@link spectralNormalization}. */
export class SpectralNormalization extends WrapperClass {
  static readonly className = "SpectralNormalization";
  private readonly powerIterations: number;
  private kernel: Weight | null = null;
  private vectorU: Weight | null = null;

  constructor(config: SpectralNormalizationOptions) {
    const { layer, powerIterations = 1 } = config;
    if (!(layer instanceof tf.layers.Layer)) {
      throw new OptionError(
        `spectralNormalization: layer must be a layer, such as layers.dense(), got ${show(layer)}.`,
      );
    }
    super(config);
    this.powerIterations = checkNumber(this.name, "powerIterations", powerIterations, { integer: true, atLeast: 1 });
    this.supportsMasking = layer.supportsMasking;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { layer } = this;
    if (!layer.built) {
      layer.build(inputShape);
      layer.built = true;
    }
    const { kernel, embeddings } = layer as { kernel?: Weight; embeddings?: Weight };
    this.kernel = kernel ?? embeddings ?? null;
    if (this.kernel === null) {
      throw new OptionError(
        `${this.name}: takes a layer with a kernel, such as dense or conv2d, or an embedding, got ${layer.name} (${layer.getClassName()}).`,
      );
    }
    const initializer = tf.initializers.truncatedNormal({ mean: 0, stddev: 0.02 });
    this.vectorU = this.addWeight("vector_u", [1, this.kernel.shape.at(-1)!], "float32", initializer, undefined, false);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments = {}): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      if (kwargs.training && this.trainable) this.normalise(this.kernel!, this.vectorU!);
      return this.layer.call(inputs, kwargs);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return this.layer.computeOutputShape(inputShape);
  }

  override computeMask(inputs: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    return this.layer.computeMask(inputs, mask);
  }

  override get nonTrainableWeights(): Weight[] {
    return [...this.layer.nonTrainableWeights, ...(this.vectorU ? [this.vectorU] : [])];
  }

  /** In Keras' order: the kernel, the vector, and the rest of the layer. */
  override get weights(): Weight[] {
    if (!this.kernel || !this.vectorU) return this.layer.weights;
    return [this.kernel, this.vectorU, ...this.layer.weights.filter((weight) => weight !== this.kernel)];
  }

  override getWeights(): tf.Tensor[] {
    return this.weights.map((weight) => weight.read());
  }

  override setWeights(weights: tf.Tensor[]): void {
    tf.layers.Layer.prototype.setWeights.call(this, weights);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), powerIterations: this.powerIterations };
  }

  private normalise(kernel: Weight, vectorU: Weight): void {
    const matrix = tf.reshape(kernel.read(), [-1, kernel.shape.at(-1)!]) as tf.Tensor2D;
    let u = vectorU.read() as tf.Tensor2D;
    let v = u;
    for (let i = 0; i < this.powerIterations; i++) {
      v = unit(tf.matMul(u, matrix, false, true));
      u = unit(tf.matMul(v, matrix));
    }
    const sigma = tf.reshape(tf.matMul(tf.matMul(v, matrix), u, false, true), []);
    // Of zeros, `u` and `sigma` are 0 too: then both weights stay.
    const isZero = tf.cast(tf.all(tf.equal(matrix, 0)), "float32");
    const next = tf.add(u, tf.mul(isZero, vectorU.read()));
    kernel.write(tf.div(kernel.read(), tf.add(sigma, isZero)));
    vectorU.write(next);
  }
}
register(SpectralNormalization);

function unit(x: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x)), 1e-14)));
}

/**
 * Divides the kernel of a layer by its largest singular value before each training step, so that the layer stretches no input;
 * steadies the discriminator of a GAN. Takes and gives what the layer does. Frozen it leaves the kernel alone. Miyato et al.,
 * ICLR 2018.
 * @throws OptionError if the layer has neither a kernel nor embeddings.
 *
 * @example
 * build([28, 28, 1], (x) => x.pipe(layers.spectralNormalization({ layer: layers.conv2d({ filters: 16, kernelSize: 3 }) })));
 */
export function spectralNormalization<const Inner extends tf.layers.Layer>(
  options: SpectralNormalizationOptions<Inner>,
): tf.layers.Layer & Shaped<MapOf<Inner>> {
  return new SpectralNormalization(options);
}
